import { equal, ok, seeded, test } from "harness"
import { dwellMs, fill, Rota } from "wall/screen-plan"
import { pieces } from "wall/pieces"

const BOX = { room: 700, gap: 20 }
const post = (key, height = 200, chars = 90) => ({ key, height, chars })
const keysOf = (posts) => posts.map(({ key }) => key)
const pool = (count, height) => Array.from({ length: count }, (_, at) => post(`p${count - at}`, height))

test("as many whole posts as fit stand there, four at most", () => {
  equal(keysOf(fill(pool(6, 160), BOX)), ["p6", "p5", "p4", "p3"])
  equal(keysOf(fill(pool(6, 200), BOX)), ["p6", "p5", "p4"])
  equal(keysOf(fill(pool(6, 100), BOX)), ["p6", "p5", "p4", "p3"])
})

test("a post that does not fit whole lets a shorter one stand", () => {
  equal(keysOf(fill([post("a", 400), post("b", 400), post("c", 250)], BOX)), ["a", "c"])
})

test("a lone post stands even when it is too tall", () => {
  equal(keysOf(fill([post("a", 900), post("b", 100)], BOX)), ["a"])
})

test("heights that fill the room exactly fit", () => {
  equal(keysOf(fill([post("a", 340), post("b", 340)], BOX)), ["a", "b"])
})

test("the first picture is the newest posts", () => {
  equal(new Rota().next(0, pool(9), BOX).keys, ["p9", "p8", "p7"])
})

test("a new post enters at once on top, the lowest leaves", () => {
  const rota = new Rota()
  rota.next(0, pool(3), BOX)
  rota.arrive("new")

  equal(rota.next(1000, [post("new"), ...pool(3)], BOX), { keys: ["new", "p3", "p2"], fresh: ["new"], why: "arrival" })
})

test("under load there is one change in three seconds", () => {
  const rota = new Rota()
  let posts = pool(3)
  rota.next(0, posts, BOX)
  const changes = []
  for (let now = 100; now <= 60_000; now += 100) {
    const key = `n${now}`
    posts = [post(key), ...posts].filter((one, at) => at < 60 || rota.stage.includes(one.key))
    rota.arrive(key)
    if (rota.next(now, posts, BOX)) changes.push(now)
  }

  ok(changes.length <= 60 / 3 + 3, `${changes.length} changes in a minute`)
  ok(changes.slice(1).every((now, at) => now - changes[at] >= 400), "never a flash")
  ok(changes.slice(4).every((now, at) => now - changes[at + 3] >= 3000), "steady pace")
})

test("what arrives together enters together", () => {
  const rota = new Rota()
  rota.next(0, pool(3), BOX)
  rota.arrive("a")
  rota.arrive("b")

  equal(rota.next(5000, [post("b"), post("a"), ...pool(3)], BOX).keys, ["b", "a", "p3"])
})

test("a hidden post leaves at once and its place is filled", () => {
  const rota = new Rota()
  const posts = pool(9)
  rota.next(0, posts, BOX)

  const change = rota.next(100, posts.filter(({ key }) => key !== "p8"), BOX)

  equal([change.keys, change.why], [["p9", "p7", "p6"], "refill"])
})

test("the last post leaves an empty stage", () => {
  const rota = new Rota()
  rota.next(0, pool(1), BOX)

  equal(rota.next(100, [], BOX).keys, [])
})

test("nothing turns before everything could be read", () => {
  const rota = new Rota()
  const posts = pool(9)
  rota.next(0, posts, BOX)
  const due = dwellMs(3 * 90)

  equal(dwellMs(90), 20_000)
  equal(rota.next(due - 1, posts, BOX), null)
  equal(rota.next(due, posts, BOX).keys, ["p6", "p5", "p4"])
})

test("in quiet hours everybody has a turn", () => {
  const random = seeded(7)
  const posts = Array.from({ length: 60 }, (_, at) => post(`p${60 - at}`, 100 + Math.floor(random() * 700), 200))
  const rota = new Rota()
  const seen = new Map()
  let turns = 0
  for (let now = 0; now < 4 * 3_600_000; now += 500) {
    const change = rota.next(now, posts, BOX)
    if (!change) continue
    turns += 1
    for (const key of change.keys) seen.set(key, (seen.get(key) ?? 0) + 1)
  }

  equal(seen.size, 60)
  ok(Math.max(...seen.values()) <= 3 * Math.min(...seen.values()), `fair in ${turns} turns`)
})

test("with fewer posts than places nothing turns before the hall is asked again", () => {
  const rota = new Rota()
  rota.next(0, pool(3), BOX)

  equal(rota.next(14 * 60_000, pool(3), BOX), null)
})

test("a smaller window drops what no longer stands whole", () => {
  const rota = new Rota()
  rota.next(0, pool(3), BOX)

  equal(rota.next(100, pool(3), { room: 430, gap: 20 }).keys, ["p3", "p2"])
})

test("after a pause the newest stand there at once", () => {
  const rota = new Rota()
  rota.next(0, pool(9), BOX)
  rota.restart()

  equal(rota.next(100, pool(30), BOX).keys, ["p30", "p29", "p28"])
})

test("two days of posts leave nothing behind", () => {
  const rota = new Rota()
  let posts = []
  for (let n = 1; n <= 5_000; n += 1) {
    posts = [post(`n${n}`), ...posts].slice(0, 60)
    rota.arrive(`n${n}`)
    rota.next(n * 30_000, posts, BOX)
  }

  ok(rota.next(5_000 * 30_000 + 1_000_000, posts, BOX).keys.every((key) => posts.some((one) => one.key === key)))
})

test("hashtags break where a reader would", () => {
  equal(pieces("#MittelstandDigital2026"), ["#Mittelstand", "Digital", "2026"])
  equal(pieces("#smartKMU"), ["#smart", "KMU"])
  equal(pieces("eventhub.example"), ["eventhub.", "example"])
})

const by = (author, key, height = 160) => ({ ...post(key, height), author })

test("nobody has more than one place while others have posts that fit", () => {
  const wish = [by("x", "x4"), by("x", "x3"), by("x", "x2"), by("y", "y1"), by("z", "z1")]

  equal(keysOf(fill(wish, BOX)), ["x4", "y1", "z1", "x3"])
  equal(keysOf(fill(wish.slice(0, 3), BOX)), ["x4", "x3", "x2"])
})

test("posts without a name are nobody's: they share nothing", () => {
  equal(keysOf(fill([by("", "a"), by("", "b"), by("x", "c"), by("", "d")], BOX)), ["a", "b", "c", "d"])
})

test("somebody who floods the wall does not crowd it out over an hour", () => {
  const posts = Array.from({ length: 40 }, (_, at) => by(at % 4 === 0 ? `p${at}` : "flood", `k${40 - at}`))
  const rota = new Rota(seeded(1))
  for (let now = 0; now < 3_600_000; now += 500) {
    rota.next(now, posts, BOX)
    const flood = rota.stage.filter((key) => posts.find((one) => one.key === key).author === "flood").length
    ok(flood <= 2, `${flood} of ${rota.stage.length}`)
  }
})

// Moves a rota on, half a second at a time; what it changed, with the times.
function play(rota, posts, { from = 0, until }) {
  const changes = []
  for (let now = from; now < until; now += 500) {
    const change = rota.next(now, posts, BOX)
    if (change) changes.push({ now, ...change })
  }
  return changes
}

test("after a quarter of an hour without news the hall is asked first, then all take turns in another order", () => {
  const posts = pool(12, 200)
  const rota = new Rota(seeded(5))
  const changes = play(rota, posts, { until: 60 * 60_000 })
  const asked = changes.findIndex(({ keys }) => keys.length === 0)

  ok(changes[asked].now >= 15 * 60_000 && changes[asked].now < 16 * 60_000, "asked in time")
  equal(changes[asked + 1].now - changes[asked].now, 20_000)
  const shuffled = changes.slice(asked + 1, asked + 9)
  ok(new Set(shuffled.flatMap(({ keys }) => keys)).size === 12, "everybody has turns")
  ok(changes.every(({ fresh, why }) => fresh.length === 0 && why !== "arrival"), "nothing is new")
})

test("a new post ends the asking at once and is the only one marked", () => {
  const posts = pool(6, 200)
  const rota = new Rota(seeded(5))
  const asked = play(rota, posts, { until: 16 * 60_000 }).find(({ keys }) => keys.length === 0)
  const later = new Rota(seeded(5))
  play(later, posts, { until: asked.now + 1_000 })
  later.arrive("new")

  const change = later.next(asked.now + 1_500, [post("new"), ...posts], BOX)

  equal([change.keys[0], change.fresh], ["new", ["new"]])
})
