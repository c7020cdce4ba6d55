// `pnpm kafka COMMAND …`: the local Kafka's own command line, with files named from where the user stands.
process.chdir(process.env.INIT_CWD ?? process.cwd())
await import('../local-kafka/src/main.js')

export {}
