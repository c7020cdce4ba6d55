/** What an owner's life cycle is told. Answers carry the term of their question: those of an earlier term are dropped. */
export type OwnerEvent =
  /** The group has given the owner to this worker, or confirmed it, in this generation. */
  | { readonly kind: 'assigned'; readonly generation: number }
  /** The group has taken it away. */
  | { readonly kind: 'revoked' }
  | { readonly kind: 'heartbeat'; readonly term: number; readonly outcome: HeartbeatOutcome }
  | { readonly kind: 'fencing'; readonly term: number; readonly outcome: 'done' | Failure }
  /** `born`: there was no state, and the first step must be committed before anything is read. */
  | { readonly kind: 'restoring'; readonly term: number; readonly outcome: 'done' | 'born' | Failure }
  | { readonly kind: 'step'; readonly term: number; readonly outcome: 'done' | Failure }
  | { readonly kind: 'tick' }

/**
 * `accepted`: the worker is a member of the generation that it named. `rebalancing`: so it is, and a new generation is
 * being formed. `stale`: it is not, and an assignment will follow. `unanswered`: no broker has said.
 */
export type HeartbeatOutcome = 'accepted' | 'rebalancing' | 'stale' | 'unanswered'

/**
 * `lost`: another may own it, or the outcome is unknown, so that only what was committed can tell. `fatal`: nothing that
 * can be done again would help, such as a missing right; whoever runs the effects ends the worker.
 */
export type Failure = 'lost' | 'fatal'

/** What is to be done for an owner. */
export type OwnerEffect =
  /** Ask the group's coordinator whether the worker is a member of this generation. */
  | { readonly kind: 'heartbeat'; readonly term: number; readonly generation: number }
  /** Take the transactional id over. */
  | { readonly kind: 'fence'; readonly term: number }
  /** Read back what was committed. */
  | { readonly kind: 'restore'; readonly term: number }
  /** Write and commit the first step: where the owner began, and by which rule. */
  | { readonly kind: 'birth'; readonly term: number }
  /** Go on from the restored position. */
  | { readonly kind: 'start'; readonly term: number }
  /** Forget everything of it, without a step: it may be another's by now. */
  | { readonly kind: 'drop' }

type Phase = 'unassigned' | 'pausing' | 'verifying' | 'fencing' | 'restoring' | 'birth' | 'owned'

/** ms: between two attempts to take over, doubled each time. */
const leastPause = 100
const greatestPause = 5_000

/**
 * The life of one owner, an input partition or a merge partition, on one worker: taken over, restored, stepped, lost.
 *
 * Taking over is always the same: a heartbeat that the group accepts in the generation of the assignment, then the
 * fencing, then the state that was committed. The heartbeat decides who goes on, not the error that a step met: a
 * generation has one owner for each partition, so of two workers that fence each other one is not a member of it.
 * Fencing again without asking, both would go on for ever; never fencing again in a generation, an owner whose
 * transaction timed out would wait for a rebalance that nothing brings about.
 */
export class OwnerLife {
  #phase: Phase = 'unassigned'
  #generation = -1
  /** Of the questions that are open: raised whenever their answers no longer matter. */
  #term = 0
  #pause = leastPause
  #resumeAt = Number.POSITIVE_INFINITY
  #stepping = false

  /** Whether the owner counts here. */
  get isOwned(): boolean {
    return this.#phase === 'owned'
  }

  /** Whether it is being taken over, and how far that is; null: it is owned, or another's. */
  get takeover(): 'waiting' | 'fencing' | 'restoring' | null {
    switch (this.#phase) {
      case 'pausing':
      case 'verifying':
        return 'waiting'
      case 'fencing':
        return 'fencing'
      case 'restoring':
      case 'birth':
        return 'restoring'
      default:
        return null
    }
  }

  /** The generation of the last assignment; -1: none yet, or it was revoked. */
  get generation(): number {
    return this.#generation
  }

  /** Whether a step may begin: it is owned, and none is under way. */
  get canStep(): boolean {
    return this.isOwned && !this.#stepping
  }

  /** Whether an answer of this term is waited for. */
  isAsked(term: number): boolean {
    return term === this.#term
  }

  /** A step is under way, until its answer. @returns its term */
  beginStep(): number {
    if (!this.canStep) throw new Error('Expected an owner without a step under way')
    this.#stepping = true
    return this.#term
  }

  /** @param now ms of a clock that never goes back */
  handle(event: OwnerEvent, now: number): OwnerEffect[] {
    switch (event.kind) {
      case 'assigned':
        return this.#onAssigned(event.generation)
      case 'revoked':
        this.#generation = -1
        return this.#leave('unassigned')
      case 'tick':
        return this.#phase === 'pausing' && now >= this.#resumeAt ? this.#verify() : []
    }
    if (event.term !== this.#term) return []
    switch (event.kind) {
      case 'heartbeat':
        return this.#phase === 'verifying' ? this.#onHeartbeat(event.outcome, now) : []
      case 'fencing':
        if (this.#phase !== 'fencing') return []
        if (event.outcome !== 'done') return this.#onFailure(event.outcome, now)
        this.#phase = 'restoring'
        return [{ kind: 'restore', term: this.#term }]
      case 'restoring':
        return this.#phase === 'restoring' ? this.#onRestored(event.outcome, now) : []
      case 'step':
        return this.#onStep(event.outcome, now)
    }
  }

  #onAssigned(generation: number): OwnerEffect[] {
    const isFenced = this.isOwned || this.#phase === 'birth' || this.#phase === 'restoring'
    this.#generation = generation
    // It was given to no one else, as far as this worker knows; had it been, the other's fencing would end the next step.
    if (isFenced) return []
    this.#pause = leastPause
    return this.#verify()
  }

  #verify(): OwnerEffect[] {
    this.#phase = 'verifying'
    const term = ++this.#term
    return [{ kind: 'heartbeat', term, generation: this.#generation }]
  }

  #onHeartbeat(outcome: HeartbeatOutcome, now: number): OwnerEffect[] {
    if (outcome === 'accepted') {
      this.#phase = 'fencing'
      return [{ kind: 'fence', term: this.#term }]
    }
    // No member of that generation: whatever comes next comes with an assignment.
    if (outcome === 'stale') {
      this.#phase = 'unassigned'
      this.#term++
      return []
    }
    return this.#wait(now)
  }

  #onRestored(outcome: 'done' | 'born' | Failure, now: number): OwnerEffect[] {
    if (outcome === 'lost' || outcome === 'fatal') return this.#onFailure(outcome, now)
    if (outcome === 'born') {
      this.#phase = 'birth'
      return [{ kind: 'birth', term: this.#term }]
    }
    this.#phase = 'owned'
    return [{ kind: 'start', term: this.#term }]
  }

  #onStep(outcome: 'done' | Failure, now: number): OwnerEffect[] {
    const wasBirth = this.#phase === 'birth'
    if (!wasBirth && !this.#stepping) return []
    this.#stepping = false
    if (outcome !== 'done') return this.#onFailure(outcome, now)
    this.#pause = leastPause
    if (!wasBirth) return []
    this.#phase = 'owned'
    return [{ kind: 'start', term: this.#term }]
  }

  #onFailure(failure: Failure, now: number): OwnerEffect[] {
    if (failure === 'fatal') return this.#leave('unassigned')
    return [...this.#leave('pausing'), ...this.#wait(now)]
  }

  /** Tries again after a pause. */
  #wait(now: number): OwnerEffect[] {
    this.#phase = 'pausing'
    this.#term++
    this.#resumeAt = now + this.#pause
    this.#pause = Math.min(greatestPause, this.#pause * 2)
    return []
  }

  /** Leaves what it holds or was about to hold: open questions no longer matter. */
  #leave(to: Phase): OwnerEffect[] {
    const held = this.isOwned || this.#phase === 'birth' || this.#phase === 'restoring'
    this.#phase = to
    this.#stepping = false
    this.#term++
    return held ? [{ kind: 'drop' }] : []
  }
}
