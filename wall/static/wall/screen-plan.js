// screen-plan.js: which posts stand on the beamer at a moment: whole ones, as many as fit, everybody's turn. Pure: heights in
// px and times in ms are given, nothing is measured here.

export const PLACES = 4
const CHANGE_EVERY_MS = 3_000
const CHANGES_AT_ONCE = 3 // after a quiet time this many may follow each other closely
const CLOSEST_MS = 400
const SHARE = 1 / 3 // of the places, for one author, while others have posts
const QUIET_MS = 15 * 60_000 // without a new post the hall is asked again, and the order is shuffled
const ASKED_MS = 20_000

// What must be read before it may go: 15 s, and 1 s for every 18 characters.
export const dwellMs = (chars) => 15_000 + (chars / 18) * 1_000

// The first of `wish` ([{ key, height, author }]), and of the others as many as fit whole into `room`, in the order wished for.
// Nobody has more than a share of the places, unless those that are left would stay empty.
export function fill(wish, { room, gap, places = PLACES }) {
  const taken = wish.slice(0, 1)
  let used = taken[0]?.height ?? 0
  const share = Math.max(1, Math.floor(places * SHARE))
  const isOver = ({ author }) => author && taken.filter((other) => other.author === author).length >= share
  for (const sharing of [true, false]) {
    for (const post of wish) {
      if (taken.length >= places) break
      if (taken.includes(post) || used + gap + post.height > room || (sharing && isOver(post))) continue
      used += gap + post.height
      taken.push(post)
    }
  }
  return taken
}

export class Rota {
  stage = []
  #fresh = []
  #stood = new Map() // key -> when it last stood on the stage
  #changedAt = -Infinity
  #credit = CHANGES_AT_ONCE
  #creditAt = 0
  #newsAt = null // when the last new post came
  #askedAt = -Infinity
  #lots = new Map() // key -> [how often it has stood, its place in the shuffle]

  // `random`: for the shuffle.
  constructor(random = Math.random) {
    this.random = random
  }

  // A new post; it enters before anything else takes its turn.
  arrive(key) {
    if (!this.#fresh.includes(key)) this.#fresh.push(key)
  }

  // Start over with the newest: after a pause, behind a cover, after a reset. Nothing that waited is shown one by one.
  restart() {
    this.stage = []
    this.#fresh = []
  }

  // The next stage, or null when nothing changes. `pool`: [{ key, height, chars }], newest first. Gives { keys, fresh, why }.
  next(now, pool, box) {
    const known = new Map(pool.map((post) => [post.key, post]))
    for (const key of this.#stood.keys()) if (!known.has(key)) this.#forget(key)
    this.#fresh = this.#fresh.filter((key) => known.has(key) && !this.stage.includes(key))
    if (this.#fresh.length > 0) this.#askedAt = -Infinity
    if (this.#fresh.length > 0 || this.#newsAt === null) this.#newsAt = now
    if (now - this.#askedAt < ASKED_MS && pool.length > 0) return null
    const standing = this.stage.filter((key) => known.has(key)).map((key) => known.get(key))
    const resting = pool.filter(({ key }) => !this.stage.includes(key))
    if (standing.length < this.stage.length || standing.length === 0) {
      const wish = standing.length === 0 ? pool : [...standing, ...this.#turns(resting)]
      return this.#change(now, pool, fill(wish, box), "refill")
    }
    if (!fits(standing, box)) return this.#change(now, pool, fill(standing, box), "refill")
    if (this.#fresh.length > 0) {
      if (!this.#mayChange(now)) return null
      const fresh = this.#fresh.map((key) => known.get(key))
      return this.#change(now, pool, fill([...fresh, ...standing, ...this.#turns(resting)], box), "arrival")
    }
    const due = now >= this.#dueAt(standing)
    if (due && this.#isQuiet(now) && now - Math.max(this.#askedAt, this.#newsAt) >= QUIET_MS) return this.#ask(now)
    if (resting.length === 0 || !due) return this.#top(now, pool, standing, resting, box)
    return this.#change(now, pool, fill([...this.#turns(resting), ...this.#turns(standing)], box), "turn")
  }

  // Space that has become free is used at once, without disturbing what stands.
  #top(now, pool, standing, resting, box) {
    const more = fill([...standing, ...this.#turns(resting)], box)
    const grows = more.length > standing.length && standing.every((post) => more.includes(post))
    return grows ? this.#change(now, pool, more, "refill") : null
  }

  #dueAt(standing) {
    return this.#changedAt + dwellMs(standing.reduce((sum, { chars }) => sum + chars, 0))
  }

  #isQuiet(now) {
    return now - this.#newsAt >= QUIET_MS
  }

  // Nothing stands for a moment but what the hall is asked.
  #ask(now) {
    this.#askedAt = now
    this.#changedAt = now
    this.stage = []
    return { keys: [], fresh: [], why: "turn" }
  }

  #forget(key) {
    this.#stood.delete(key)
    this.#lots.delete(key)
  }

  // Whoever has not stood for the longest time comes first; of those who never stood, the newest. After a quiet time everybody
  // has as many turns as everybody else, in no order that one could foresee.
  #turns(posts, shuffled = this.#askedAt > -Infinity) {
    const lot = ({ key }) => this.#lots.get(key) ?? [0, 0]
    if (shuffled) return [...posts].sort((a, b) => lot(a)[0] - lot(b)[0] || lot(a)[1] - lot(b)[1])
    return [...posts].sort((a, b) => (this.#stood.get(a.key) ?? -1) - (this.#stood.get(b.key) ?? -1))
  }

  // One change in 3 s under load; after a quiet time a few may follow closely.
  #mayChange(now) {
    this.#credit = Math.min(CHANGES_AT_ONCE, this.#credit + (now - this.#creditAt) / CHANGE_EVERY_MS)
    this.#creditAt = now
    if (this.#credit < 1 || now - this.#changedAt < CLOSEST_MS) return false
    this.#credit -= 1
    return true
  }

  #change(now, pool, posts, why) {
    const chosen = new Set(posts.map(({ key }) => key))
    const keys = pool.filter(({ key }) => chosen.has(key)).map(({ key }) => key)
    const same = keys.length === this.stage.length && keys.every((key, at) => key === this.stage[at])
    if (same) return null
    for (const key of [...this.stage, ...keys]) this.#stood.set(key, now)
    for (const key of keys) if (!this.stage.includes(key)) this.#lots.set(key, [(this.#lots.get(key)?.[0] ?? 0) + 1, this.random()])
    const fresh = this.#fresh.filter((key) => chosen.has(key))
    this.#fresh = this.#fresh.filter((key) => !chosen.has(key))
    this.stage = keys
    this.#changedAt = now
    return { keys, fresh, why }
  }
}

const fits = (posts, { room, gap }) =>
  posts.length <= 1 || posts.reduce((sum, { height }) => sum + height, gap * (posts.length - 1)) <= room
