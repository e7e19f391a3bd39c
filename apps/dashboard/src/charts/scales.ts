import { LinearScale, type Tick } from 'chart.js';
import { axisLabels } from './axis-labels.js';
import { sceneOf } from './scene.js';
import { timeTicks } from './time-ticks.js';
import { valueTicks } from './value-range.js';

/** Height of the time axis below the plot, in CSS pixels. */
const TIME_AXIS_HEIGHT = 20;

/**
 * The time axis: ends where the scene says, round local times as ticks. It always has the same height and asks for no
 * room beside the plot, so that moving it never changes the layout.
 */
export class PanelTimeScale extends LinearScale {
  static override id = 'panelTime';

  override determineDataLimits(): void {
    const { fromMs, toMs } = sceneOf(this.chart);
    this.min = fromMs;
    this.max = toMs;
  }

  override buildTicks(): Tick[] {
    return timeTicks(this.min, this.max, this.width);
  }

  /** The ticks come with their labels. */
  override generateTickLabels(): void {}

  override calculateLabelRotation(): void {
    this.labelRotation = 0;
  }

  override fit(): void {
    this.width = this.maxWidth;
    this.height = this.options.display === true ? TIME_AXIS_HEIGHT : 0;
  }
}

/** The value axis: the scene's range, its labels inside the plot's left edge, so that it takes no width. */
export class PanelValueScale extends LinearScale {
  static override id = 'panelValue';

  override determineDataLimits(): void {
    const { range } = sceneOf(this.chart);
    this.min = range.min;
    this.max = range.max;
  }

  override buildTicks(): Tick[] {
    const { range, unit } = sceneOf(this.chart);
    const values = valueTicks(range);
    const labels = axisLabels(values, range.step, unit);
    return values.map((value, i) => ({ value, label: labels[i] }));
  }

  override generateTickLabels(): void {}

  override fit(): void {
    this.width = 0;
    this.height = this.maxHeight;
  }
}
