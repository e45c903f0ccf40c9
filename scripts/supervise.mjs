import { spawn } from 'node:child_process';

/**
 * Keeps a group of processes running together: starts them stage by stage, restarts one that dies, stops all of them.
 *
 * A service is `{ name, args, env?, portVariable?, portAs? }`, run with this Node. It has an IPC channel and says that it
 * serves with `process.send({ ready: '<line>', port? })`; a `port` is handed to every later start as `portVariable`, in the
 * words of `portAs`, so port 0 works and a restarted service keeps its address. Services end themselves when the channel closes, which covers a
 * supervisor that was killed. They run in process groups of their own: Ctrl-C reaches them once, from here.
 */
export class Supervisor {
  #say;
  #cwd;
  #times;
  #ports = {};
  #units = new Map();
  #stopping = false;
  #ended = withResolvers();

  constructor({ say, cwd = process.cwd(), graceMs = 8000, firstDelayMs = 500, maxDelayMs = 30_000, steadyMs = 60_000 }) {
    this.#say = say;
    this.#cwd = cwd;
    this.#times = { graceMs, firstDelayMs, maxDelayMs, steadyMs };
  }

  /** Resolves with the exit code once everything has stopped. */
  get ended() {
    return this.#ended.promise;
  }

  /**
   * Start the stages in order; the services of one stage start together. Resolves with the ready messages by name, or
   * undefined when a service ended before it was ready; then everything is stopped.
   */
  async start(stages) {
    const ready = {};
    for (const stage of stages) {
      const answers = await Promise.all(stage.map((service) => this.#launch(service)));
      if (this.#stopping) return undefined;
      for (const [index, answer] of answers.entries()) ready[stage[index].name] = answer;
    }
    return ready;
  }

  /** SIGTERM to all, SIGKILL to whole process groups after the grace; a second call kills at once. */
  async stop(exitCode) {
    if (this.#stopping) {
      this.#killAll();
      return this.ended;
    }
    this.#stopping = true;
    const units = [...this.#units.values()];
    for (const unit of units) clearTimeout(unit.timer);
    const running = units.filter(({ child }) => child !== undefined);
    for (const { child } of running) child.kill('SIGTERM');
    const late = setTimeout(() => {
      const names = running.filter(({ child }) => child !== undefined).map(({ service }) => service.name);
      this.#say(`${names.join(', ')} did not stop within ${this.#times.graceMs / 1000} s and will be killed`);
      this.#killAll();
    }, this.#times.graceMs);
    await Promise.all(running.map(({ gone }) => gone));
    clearTimeout(late);
    this.#ended.resolve(exitCode);
    return exitCode;
  }

  #killAll() {
    for (const { child } of this.#units.values()) if (child) killGroup(child.pid);
  }

  #launch(service) {
    const unit = this.#units.get(service.name) ?? { service, failures: 0 };
    this.#units.set(service.name, unit);
    const { promise, resolve } = withResolvers();
    const gone = withResolvers();
    const child = spawn(process.execPath, service.args, {
      cwd: this.#cwd,
      env: { ...process.env, ...service.env, ...this.#ports },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: true,
    });
    Object.assign(unit, { child, gone: gone.promise, startedAt: Date.now() });
    child.on('message', (message) => {
      if (typeof message !== 'object' || message === null || typeof message.ready !== 'string') return;
      if (service.portVariable && Number.isInteger(message.port))
        this.#ports[service.portVariable] = (service.portAs ?? String)(message.port);
      unit.ready = true;
      resolve(message);
    });
    child.on('error', (error) => this.#say(`${service.name} could not be started: ${error.message}`));
    child.on('close', (code, signal) => {
      unit.child = undefined;
      killGroup(child.pid); // what it left running in its group
      gone.resolve();
      resolve(undefined);
      this.#afterExit(unit, signal ?? `exit code ${code}`);
    });
    return promise;
  }

  #afterExit(unit, how) {
    if (this.#stopping) return;
    const { name } = unit.service;
    if (!unit.ready) {
      this.#say(`${name} ended before it was ready (${how}); stopping`);
      void this.stop(1);
      return;
    }
    const { firstDelayMs, maxDelayMs, steadyMs } = this.#times;
    unit.failures = Date.now() - unit.startedAt > steadyMs ? 1 : unit.failures + 1;
    const delay = Math.min(firstDelayMs * 2 ** (unit.failures - 1), maxDelayMs);
    this.#say(`${name} stopped unexpectedly (${how}); starting it again in ${delay / 1000} s`);
    unit.timer = setTimeout(() => this.#launch(unit.service), delay);
  }
}

/** Stop on Ctrl-C, SIGTERM and a closed terminal; a second signal kills at once. Resolves with the exit code. */
export function stopOnSignals(supervisor, say) {
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
  for (const [signal, code] of Object.entries(codes)) {
    process.on(signal, () => {
      say(`Stopping (${signal})`);
      void supervisor.stop(code);
    });
  }
  return supervisor.ended;
}

function killGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // nothing is left of that group
  }
}

function withResolvers() {
  const deferred = {};
  deferred.promise = new Promise((resolve, reject) => Object.assign(deferred, { resolve, reject }));
  return deferred;
}
