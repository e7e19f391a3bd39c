/// <reference lib="webworker" />
import type { PlotCommand, StageMessage } from './plot-commands.js';
import { PlotStage } from './plot-stage.js';

// The stage in a thread of its own: the page's main thread only passes commands on.
const scope = self as unknown as DedicatedWorkerGlobalScope;
const say = (message: StageMessage): void => scope.postMessage(message);
const stage = new PlotStage((frames) => say({ say: 'drawn', frames }));

scope.onmessage = ({ data }: MessageEvent<readonly PlotCommand[]>) => stage.run(data);
say({ say: 'ready' });
