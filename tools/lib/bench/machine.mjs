// Where and with what the figures were measured.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';

function output(command, ...args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}

function systemName() {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))[1];
  } catch {
    return os.type();
  }
}

function commitOf(root) {
  const commit = output('git', '-C', root, 'rev-parse', '--short=10', 'HEAD');
  if (!commit) return 'unknown';
  return output('git', '-C', root, 'status', '--porcelain', '--untracked-files=no') ? `${commit} with changes` : commit;
}

export function describeMachine(root) {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? 'unknown CPU',
    cores: os.availableParallelism?.() ?? cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${systemName()}, Linux ${os.release()}`,
    date: new Date().toISOString().slice(0, 10),
    commit: commitOf(root),
    versions: { Node: process.versions.node },
  };
}

/** Ticks of CPU time that the processes below this one have used so far. */
function childTicks() {
  const processes = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      processes.set(Number(pid), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
    } catch {
      // it has ended meanwhile
    }
  }
  const isBelow = (pid) => {
    for (let at = processes.get(pid); at; at = processes.get(at.parent)) if (at.parent === process.pid) return true;
    return false;
  };
  let sum = 0;
  for (const [pid, { ticks }] of processes) if (isBelow(pid)) sum += ticks;
  return sum;
}

/** Ticks of CPU time that the whole machine has used so far. */
function allTicks() {
  const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/ +/).slice(1).map(Number);
  return user + nice + system + irq + softirq;
}

const TICKS_A_SECOND = 100; // Linux's USER_HZ

/** Shares of one core while nothing is measured: { ours: what all our children take, others: what the rest of the machine takes }. */
export async function idleShares(milliseconds = 1000) {
  const before = [childTicks(), allTicks()];
  const started = performance.now();
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  const seconds = (performance.now() - started) / 1000;
  const [ours, all] = [childTicks(), allTicks()].map((ticks, index) => Math.max(0, (ticks - before[index]) / TICKS_A_SECOND / seconds));
  return { ours, others: Math.max(0, all - ours) };
}
