import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Microseconds in which a share may be used up. Lambda's are not documented; reports of its users agree on this. */
const PERIOD = 20_000;
/** Where the kernel's control groups are: version 2, and the names that version 1 has. */
const HIERARCHIES = [
  { folder: '/sys/fs/cgroup', line: /^0::(.*)$/m, limit: (quota: number) => [['cpu.max', `${quota} ${PERIOD}`]] },
  ...['cpu', 'cpu,cpuacct'].map((name) => ({
    folder: `/sys/fs/cgroup/${name}`,
    line: new RegExp(`^\\d+:${name}:(.*)$`, 'm'),
    limit: (quota: number) => [['cpu.cfs_period_us', `${PERIOD}`], ['cpu.cfs_quota_us', `${quota}`]],
  })),
];
/** Joins the group and becomes the program, so that not even its start has more than its share. */
const JOIN = 'echo $$ > "$0/cgroup.procs" && exec "$@"';

/** A share of one processor, which the kernel does not let processes exceed. */
export class CpuShare {
  /** `undefined` where this user may limit nothing. */
  static of(share: number, name: string): CpuShare | undefined {
    for (const { folder, line, limit } of HIERARCHIES) {
      const [, own] = line.exec(readFileSync('/proc/self/cgroup', 'utf8')) ?? [];
      const group = join(folder, own ?? '', `bench-${process.pid}-${name}`);
      try {
        mkdirSync(group);
      } catch {
        continue;
      }
      const created = new CpuShare(group);
      try {
        limit(Math.round(share * PERIOD)).forEach(([file, text]) => writeFileSync(join(group, file), text, { flag: 'r+' }));
        return created;
      } catch {
        created.remove();
      }
    }
    return undefined;
  }

  private constructor(private readonly group: string) {}

  /** The beginning of a command whose process has this share. */
  get launcher(): string[] {
    return ['/bin/sh', '-c', JOIN, this.group];
  }

  /** Once its processes have ended. */
  remove(): void {
    rmdirSync(this.group);
  }
}
