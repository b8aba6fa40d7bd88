// screen-plan.js: which posts stand on the beamer at a moment: whole ones, as many as fit, everybody's turn. Pure: heights in
// px and times in ms are given, nothing is measured here.

export const PLACES = 4
const CHANGE_EVERY_MS = 3_000
const CHANGES_AT_ONCE = 3 // after a quiet time this many may follow each other closely
const CLOSEST_MS = 400

// What must be read before it may go: 15 s, and 1 s for every 18 characters.
export const dwellMs = (chars) => 15_000 + (chars / 18) * 1_000

// The first of `wish` ([{ key, height }]), and of the others as many as fit whole into `room`, in the order wished for.
export function fill(wish, { room, gap, places = PLACES }) {
  const taken = wish.slice(0, 1)
  let used = taken[0]?.height ?? 0
  for (const post of wish.slice(1)) {
    if (taken.length >= places) break
    if (used + gap + post.height > room) continue
    used += gap + post.height
    taken.push(post)
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
    for (const key of this.#stood.keys()) if (!known.has(key)) this.#stood.delete(key)
    this.#fresh = this.#fresh.filter((key) => known.has(key) && !this.stage.includes(key))
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
    if (resting.length === 0 || now < this.#dueAt(standing)) return this.#top(now, pool, standing, resting, box)
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

  // Whoever has not stood for the longest time comes first; of those who never stood, the newest.
  #turns(posts) {
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
    const fresh = this.#fresh.filter((key) => chosen.has(key))
    this.#fresh = this.#fresh.filter((key) => !chosen.has(key))
    this.stage = keys
    this.#changedAt = now
    return { keys, fresh, why }
  }
}

const fits = (posts, { room, gap }) =>
  posts.length <= 1 || posts.reduce((sum, { height }) => sum + height, gap * (posts.length - 1)) <= room
