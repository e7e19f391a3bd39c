/** One call of a 2d context, with the properties that matter to it at that moment. */
export interface DrawCall {
  readonly method: string;
  readonly args: readonly unknown[];
  readonly strokeStyle: unknown;
  readonly lineWidth: unknown;
  readonly globalAlpha: unknown;
}

/** A canvas without pixels: it writes down what is drawn on it. */
export interface RecordingCanvas {
  width: number;
  height: number;
  readonly calls: DrawCall[];
  getContext(): unknown;
}

export function recordingCanvas(): RecordingCanvas & HTMLCanvasElement {
  const calls: DrawCall[] = [];
  const properties: Record<string, unknown> = { globalAlpha: 1 };
  const context: unknown = new Proxy(properties, {
    get(target, name: string) {
      if (name === 'canvas') return canvas;
      if (name === 'measureText') return (text: string) => ({ width: text.length * 6 });
      if (name in target) return target[name];
      return (...args: unknown[]) => {
        const { strokeStyle, lineWidth, globalAlpha } = target;
        calls.push({ method: name, args, strokeStyle, lineWidth, globalAlpha });
      };
    },
    set(target, name: string, value) {
      target[name] = value;
      return true;
    },
  });
  const canvas = { width: 300, height: 150, calls, getContext: () => context };
  return canvas as RecordingCanvas & HTMLCanvasElement;
}

/** The strokes since `from`: each with its colour and the points of its path. */
export function strokes(
  canvas: RecordingCanvas,
  from = 0,
): { colour: unknown; width: unknown; alpha: unknown; path: (readonly unknown[])[] }[] {
  const found: ReturnType<typeof strokes> = [];
  let path: (readonly unknown[])[] = [];
  for (const call of canvas.calls.slice(from)) {
    if (call.method === 'beginPath') path = [];
    if (call.method === 'moveTo' || call.method === 'lineTo') path.push([call.method, ...call.args]);
    if (call.method === 'stroke') {
      found.push({ colour: call.strokeStyle, width: call.lineWidth, alpha: call.globalAlpha, path });
    }
  }
  return found;
}

/** The texts written since `from`. */
export const texts = (canvas: RecordingCanvas, from = 0): unknown[] =>
  canvas.calls.slice(from).flatMap(({ method, args }) => (method === 'fillText' ? [args[0]] : []));
