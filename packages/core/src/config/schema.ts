import type { FieldProblem } from '../errors/index.ts';

/** Every setting of the runtime, resolved. Only `config/load.ts` reads the environment. */
export interface Config {
  /** Absolute path of the running world. */
  readonly workspace: string;
  /** Absolute path of the installation: packages, config, shipped skills. */
  readonly installation: string;
  readonly apiPort: number;
  readonly panelPort: number;
  /** Ports under which loopback names also lead to the panel, because something forwards them. */
  readonly forwardedPorts: readonly number[];
  readonly provider: 'auto' | 'groq' | 'openai' | 'local' | 'scripted' | 'none';
  /** Whether model servers on this machine are asked through the proxy that Node uses. */
  readonly loopbackByProxy: boolean;
  readonly groq: { readonly apiKey?: string; readonly baseUrl?: string };
  readonly openai: { readonly apiKey?: string; readonly baseUrl?: string };
  readonly defaultModel: string;
  readonly criticModel: string;
  /** How long a model may be silent; undefined: what suits the provider. */
  readonly modelTimeoutSeconds?: number;
  /** For one verdict of the critic and one plan; undefined: like any call. */
  readonly criticTimeoutSeconds?: number;
  readonly plannerTimeoutSeconds?: number;
  readonly modelsFile: string;
  readonly budgetLimitUsd: number;
  readonly rateLimitPerMinute: number;
  /** From the environment; else `.swarm/security/internal_execution_token.txt`. */
  readonly internalToken?: string;
  readonly approval: 'evidence' | 'human';
  readonly maxRequeueAttempts: number;
  /** How long a worker that gives no sign of life keeps its tasks. */
  readonly leaseSeconds: number;
  readonly minScore: number;
  readonly daySeconds: number;
  readonly maxResidents: number;
  /** What residents' free time may cost in a UTC day, US dollars; 0 is no free time. */
  readonly freeTimeUsd: number;
  readonly subtaskParallelism: number;
  readonly shardCount: number;
  readonly shardId: number | 'auto';
  readonly autoDiscussionUpdates: boolean;
  readonly docsOnly: boolean;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** Where each setting came from, for `doctor`. Values of secrets are masked. */
  readonly sources: ReadonlyMap<
    string,
    { readonly from: 'flag' | 'environment' | '.env' | 'file' | 'default'; readonly shown: string }
  >;
  /** Lines of `.env` that probably have another effect than was meant. Every process says them when it starts. */
  readonly notices: readonly FieldProblem[];
}
