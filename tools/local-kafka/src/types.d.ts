/** What `startKafka` is asked for. */
export interface StartOptions {
  /** 1 (default) or 3 nodes, each broker and controller in one. */
  nodes?: 1 | 3
  /** Adds TLS listeners: one plain, one that demands a client certificate, one whose own certificate has run out. */
  tls?: boolean
  /** Adds a `sasl` listener (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512), and with `tls` also `saslTls`. */
  sasl?: boolean
  /** Consumer sessions from 500 ms on are allowed, and a dead broker is noticed within 2 s. */
  shortSessions?: boolean
  /** Further broker properties; they win over ours. */
  properties?: Readonly<Record<string, string>>
  /** Data folder to use and keep; without it a folder of its own, removed at the end. */
  folder?: string
  /** First of the ports (each node takes two neighbours); without it free ones. */
  port?: number
  /** Java heap of a node in MiB, default 384. */
  heap?: number
  /** Gives up after so many ms without an answer, default 90,000. */
  timeout?: number
}

/** Addresses of one listener of every node, `127.0.0.1:port`. */
export type Brokers = string[]

/** PEM files of a test authority: it signed the servers' certificates and the client's. */
export interface Certificates {
  ca: string
  clientCertificate: string
  clientKey: string
  /** Of the client, too, but run out. */
  expiredCertificate: string
  expiredKey: string
}

export interface Login {
  username: string
  password: string
}

export interface LocalKafka {
  /** The plain listeners. */
  brokers: Brokers
  /** Only with `tls`. */
  tls?: { brokers: Brokers; mutualBrokers: Brokers; expiredBrokers: Brokers; certificates: Certificates }
  /** Only with `sasl`; `tlsBrokers` only with both. */
  sasl?: { brokers: Brokers; tlsBrokers?: Brokers; login: Login }
  folder: string
  /** Sends a signal to a node's process (SIGSTOP, SIGCONT, SIGTERM, ...); nodes are counted from 1. */
  signal(node: number, signal: NodeJS.Signals): Promise<void>
  /** kill -9 of a node; resolves when the process is gone. */
  kill(node: number): Promise<void>
  /** Starts a killed node again (kills it first where it runs); resolves when it answers. */
  restart(node: number): Promise<void>
  /** What the node has logged so far. */
  logs(node?: number): string
  /** Ends every process; removes the folder unless it was given. */
  stop(): Promise<void>
}

/** Where a test finds its broker. */
export type TestKafka =
  | { mode: 'local' }
  | { mode: 'external'; brokers: string[] }
  | { mode: 'none'; notice: string }
