import type { PanelQuery } from '../../charts/panel-model.js';
import type { Unit } from '../../format/units.js';

/** One panel of a host's vital signs. */
export interface HostPanel {
  readonly title: string;
  readonly unit: Unit;
  readonly queries: readonly PanelQuery[];
  /** Metrics without which it would stay empty: the kernel may not have them. */
  readonly needs: readonly string[];
  readonly softMin?: number;
  readonly softMax?: number;
  /** Rows that the legend has room for; 3 unless there are always more. */
  readonly legendLines?: number;
}

const selector = (metric: string, matchers: readonly string[]): string =>
  matchers.length === 0 ? metric : `${metric}{${matchers.join(',')}}`;

const RANGES = [
  ['10s', 2.5],
  ['30s', 7.5],
  ['1m', 15],
  ['2m', 30],
] as const;

/**
 * The range for rates of samples that are so many seconds apart: at least four of them, so that one that is lost leaves no hole,
 * and no more than that, so that a rise shows at once.
 */
export const rateRange = (spacing: number): string => RANGES.find(([, most]) => spacing <= most)?.[0] ?? '5m';

const REAL_DISK = 'device!~"loop.*|ram.*|zram.*|sr.*|dm-.*"';
const REAL_NIC = 'device!~"lo|veth.*|docker.*|br-.*|cali.*|cni.*|ifb.*|dummy.*"';
const REAL_FS = 'fstype!~"tmpfs|ramfs|overlay|squashfs|devtmpfs|nsfs|iso9660"';

/** The vital signs of one host (`instance`), or of all together where there is only one, under node_exporter's names. */
export function hostPanels(instance: string | null, range: string): readonly HostPanel[] {
  const of = instance === null ? [] : [`instance=${JSON.stringify(instance)}`];
  const all = (metric: string): string => selector(metric, of);
  const rate = (metric: string, matchers: readonly string[]): string =>
    `rate(${selector(metric, [...of, ...matchers])}[${range}])`;
  const used = `${all('node_memory_MemTotal_bytes')} - ${all('node_memory_MemAvailable_bytes')}`;
  const pressure = (kind: string): string => `100 * ${rate(`node_pressure_${kind}_seconds_total`, [])}`;
  return [
    {
      title: 'CPU by mode',
      unit: 'percent',
      needs: ['node_cpu_seconds_total'],
      softMax: 10,
      legendLines: 4,
      queries: [
        {
          expr: `avg by (mode) (${rate('node_cpu_seconds_total', ['mode!="idle"'])}) * 100`,
          legend: '{{mode}}',
        },
      ],
    },
    {
      title: 'Memory',
      unit: 'bytes',
      needs: ['node_memory_MemTotal_bytes'],
      queries: [
        { expr: used, legend: 'used' },
        { expr: all('node_memory_Cached_bytes'), legend: 'cached' },
        { expr: all('node_memory_MemTotal_bytes'), legend: 'total' },
      ],
    },
    {
      title: 'Network',
      unit: 'bytesPerSecond',
      needs: ['node_network_receive_bytes_total'],
      queries: [
        { expr: rate('node_network_receive_bytes_total', [REAL_NIC]), legend: 'in {{device}}' },
        { expr: rate('node_network_transmit_bytes_total', [REAL_NIC]), legend: 'out {{device}}' },
      ],
    },
    {
      title: 'Disk throughput',
      unit: 'bytesPerSecond',
      needs: ['node_disk_read_bytes_total'],
      queries: [
        { expr: rate('node_disk_read_bytes_total', [REAL_DISK]), legend: 'read {{device}}' },
        { expr: rate('node_disk_written_bytes_total', [REAL_DISK]), legend: 'written {{device}}' },
      ],
    },
    {
      title: 'Filesystem use',
      unit: 'percent',
      needs: ['node_filesystem_avail_bytes'],
      softMax: 100,
      queries: [
        {
          expr: `100 - 100 * ${selector('node_filesystem_avail_bytes', [...of, REAL_FS])} / ${selector('node_filesystem_size_bytes', [...of, REAL_FS])}`,
          legend: '{{mountpoint}}',
        },
      ],
    },
    {
      title: 'Load',
      unit: 'none',
      needs: ['node_load1'],
      queries: [
        { expr: all('node_load1'), legend: '1 min' },
        { expr: all('node_load5'), legend: '5 min' },
        { expr: all('node_load15'), legend: '15 min' },
        { expr: `count(${selector('node_cpu_seconds_total', [...of, 'mode="idle"'])})`, legend: 'processors' },
      ],
    },
    {
      title: 'Pressure: share of time that tasks waited',
      unit: 'percent',
      needs: ['node_pressure_cpu_waiting_seconds_total'],
      softMax: 10,
      queries: [
        { expr: pressure('cpu_waiting'), legend: 'processor' },
        { expr: pressure('memory_waiting'), legend: 'memory' },
        { expr: pressure('io_waiting'), legend: 'disk' },
      ],
    },
  ];
}

/** One figure of every host. */
export interface HostMeasure {
  readonly title: string;
  readonly about: string;
  readonly unit: Unit;
  readonly expr: string;
  readonly softMax?: number;
}

/** What is shown of every host side by side; each expression gives one series per instance. */
export const hostMeasures = (range: string): readonly HostMeasure[] => [
  {
    title: 'CPU',
    about: 'Share of processor time that is in use',
    unit: 'percent',
    expr: `100 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[${range}])) * 100`,
    softMax: 100,
  },
  {
    title: 'Memory',
    about: 'Share of memory that is in use',
    unit: 'percent',
    expr: '100 - 100 * sum by (instance) (node_memory_MemAvailable_bytes) / sum by (instance) (node_memory_MemTotal_bytes)',
    softMax: 100,
  },
  {
    title: 'Load',
    about: 'Tasks that run or wait, over a minute',
    unit: 'none',
    expr: 'max by (instance) (node_load1)',
  },
  {
    title: 'Disk',
    about: 'Fullest file system',
    unit: 'percent',
    expr: `100 - 100 * min by (instance) (node_filesystem_avail_bytes{${REAL_FS}} / node_filesystem_size_bytes{${REAL_FS}})`,
    softMax: 100,
  },
];

/** How old the newest sample of each host is, in seconds: rates go on for a while when a host has fallen silent. */
export const HOST_AGE = 'time() - max by (instance) (timestamp(node_load1))';
