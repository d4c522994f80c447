// Programs that are measured: the ones that run once a slice, and the ones that stay and answer lines.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const running = new Set();

function start(command, args, options) {
  // A process group of its own: Ctrl-C is for us, and we end it.
  const child = spawn(command, args, { detached: true, ...options });
  running.add(child);
  child.on('close', () => running.delete(child));
  return child;
}

export function endAll() {
  for (const child of running) child.kill('SIGKILL');
}

function whyEnded(command, code, signal, errors) {
  const last = errors.trim().split('\n').at(-1);
  return new Error(last || `${command} ended with ${signal ?? `exit code ${code}`}`);
}

/** Runs a program to its end; resolves to the JSON of its last line. */
export function runForJson(command, args, { env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = start(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (errors += text));
    child.on('error', (error) => reject(new Error(`${command} does not start (${error.code})`)));
    child.on('close', (code, signal) => {
      if (code !== 0) return reject(whyEnded(command, code, signal, errors));
      try {
        return resolve(JSON.parse(output.trim().split('\n').at(-1)));
      } catch {
        return reject(new Error(`its last line is no JSON: ${output.trim().slice(-80)}`));
      }
    });
  });
}

/** A program that answers each line with a line of JSON. */
export class Answerer {
  #child;
  #waiting = [];
  #ended = null;

  constructor(command, args, { env }) {
    this.#child = start(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    let errors = '';
    this.#child.stderr.on('data', (text) => (errors += text));
    this.#child.stdin.on('error', () => {}); // it ended; 'close' tells
    this.#child.on('error', (error) => this.#end(new Error(`${command} does not start (${error.code})`)));
    this.#child.on('close', (code, signal) => this.#end(whyEnded(command, code, signal, errors)));
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const { resolve, reject } = this.#waiting.shift() ?? {};
      const answer = JSON.parse(line);
      if (answer.error) reject?.(new Error(answer.error));
      else resolve?.(answer);
    });
  }

  #end(error) {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }

  ask(line) {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin.write(`${line}\n`);
    });
  }

  close() {
    this.#child.stdin.end();
    this.#child.kill('SIGKILL');
  }
}
