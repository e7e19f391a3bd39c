import { onScopeDispose, type Ref, shallowRef, type ShallowRef, watch } from 'vue';
import { pageDesk } from './page-desk.js';
import type { PlotFrame } from './plot-commands.js';
import type { PlotHandle } from './plot-desk.js';
import type { PlotConfig } from './plot.js';

export interface PlotHost {
  readonly handle: ShallowRef<PlotHandle | null>;
  /** CSS pixels. */
  readonly size: ShallowRef<{ readonly width: number; readonly height: number }>;
}

/** Opens a plot in an element while it is mounted, and keeps its size and pixel ratio right. */
export function usePlot(
  container: Readonly<Ref<HTMLElement | null>>,
  config: Readonly<Ref<PlotConfig>>,
  onFrame: (frame: PlotFrame) => void,
): PlotHost {
  const handle = shallowRef<PlotHandle | null>(null);
  const size = shallowRef({ width: 0, height: 0 });
  let stop = (): void => {};

  const open = (element: HTMLElement): void => {
    const plot = pageDesk().open(element, config.value, onFrame);
    const measure = (): void => {
      const { clientWidth: width, clientHeight: height } = element;
      size.value = { width, height };
      plot.resize({ width, height, ratio: devicePixelRatio });
    };
    measure();
    const resizes = new ResizeObserver(measure);
    resizes.observe(element);
    const stopRatio = watchRatio(measure);
    handle.value = plot;
    stop = () => {
      resizes.disconnect();
      stopRatio();
      plot.close();
      handle.value = null;
      stop = () => {};
    };
  };

  watch(
    container,
    (element) => {
      stop();
      if (element) open(element);
    },
    { immediate: true, flush: 'post' },
  );
  watch(config, (next, before) => {
    if (JSON.stringify(next) !== JSON.stringify(before)) handle.value?.configure(next);
  });
  onScopeDispose(() => stop());
  return { handle, size };
}

/** Calls back whenever the window's pixel ratio changes: zoom, or another screen. */
function watchRatio(changed: () => void): () => void {
  let query: MediaQueryList;
  const listen = (): void => {
    query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    query.addEventListener('change', again, { once: true });
  };
  const again = (): void => {
    changed();
    listen();
  };
  listen();
  return () => query.removeEventListener('change', again);
}
