import { el, equal, ok, test } from "harness"
import { following } from "agenda/arrange"
import { groupKey, groupPlace, rowsOf } from "agenda/day-groups"
import "agenda/now-next"
import "agenda/programme-day"
import "live/live-some"

const NOON = Math.floor(Date.now() / 86_400_000) * 86_400_000 + 43_200_000
const iso = (minutes) => new Date(NOON + minutes * 60_000).toISOString()
const MIDNIGHT = 12 * 60

function article(key, from, to, { room = "", position = 0, track = "", version = 1, session = "1", ...more } = {}) {
  const order = Math.floor((NOON + from * 60_000) / 1000) * 1000 + position
  const data = Object.fromEntries(Object.entries({ key, version, order, start: iso(from), end: iso(to), room, track, session, ...more }).map(([name, value]) => [`data-${name}`, String(value)]))
  return el("article", { class: "slot", ...data },
    el("p", { class: "slot__time" }, el("time", {}, `t${from}`)), el("bdi", { class: "slot__room" }, room), el("h3", { class: "slot__title" }, key), el("p", { "data-then": "", hidden: "" }),
    el("div", { "data-left": "", hidden: "" }, el("progress", { max: "100" }), el("span", { "data-left-words": "" })))
}

const item = (element) => ({ topic: "programme", key: element.dataset.key, version: Number(element.dataset.version), order: Number(element.dataset.order), html: element.outerHTML })

const group = (key, ...articles) => el("section", { class: "group", "data-group": key }, el("h2", {}, el("bdi", { "data-head": "" }, key)), el("div", { "data-slots": "" }, ...articles))

function page(by, groups, more = {}) {
  const template = el("template", {})
  template.content.append(group("", ...[]))
  const host = el("programme-day", { topic: "programme", by, from: iso(-MIDNIGHT), to: iso(MIDNIGHT), "data-everywhere": "überall", "data-without": "ohne", ...more },
    el("details", { class: "day__past" }, el("span", { "data-past-count": "" })), el("div", { "data-groups": "" }, ...groups), el("p", { "data-when": "empty" }), template)
  document.body.append(host)
  return host
}

const shown = (host) => [...host.querySelectorAll("[data-group]")].map((each) => [each.querySelector("[data-head]").textContent, ...[...each.querySelectorAll("[data-key]")].map(({ dataset }) => dataset.key)])
const startOf = (minutes) => String(Math.floor((NOON + minutes * 60_000) / 1000))

test("a moved slot goes under its new hour, and an empty hour leaves", () => {
  const host = page("time", [group(startOf(0), article("a", 0, 30)), group(startOf(60), article("b", 60, 90))])

  host.apply([item(article("a", 30, 60, { version: 2 }))])

  equal(shown(host), [["t30", "a"], [startOf(60), "b"]])
})

test("a slot that is moved to another day leaves, and one of another day stays away", () => {
  const host = page("time", [group(startOf(0), article("a", 0, 30))])

  host.apply([item(article("a", 1440, 1470, { version: 2 })), item(article("c", 1500, 1530))])

  equal(shown(host), [])
  ok(!host.querySelector("[data-when=empty]").hidden)
})

test("rooms follow the organizers' order and everywhere is last", () => {
  const host = page("room", [group("7", article("hall", 0, 30, { room: "7", position: 2 })), group("", article("all", 0, 30))])

  host.apply([item(article("attic", 60, 90, { room: "5", position: 1 })), item(article("yard", 60, 90, { room: "9", position: 3 }))])

  equal(shown(host), [["5", "attic"], ["7", "hall"], ["9", "yard"], ["", "all"]])
})

test("what was found takes nothing in that does not fit, and follows what stands there", () => {
  const host = page("time", [group(startOf(0), article("a", 0, 30))], { found: "" })

  host.apply([item(article("b", 0, 30)), item(article("a", 30, 60, { version: 2 }))])

  equal(shown(host), [["t30", "a"]])
})

test("rows of rooms beside each other are those of all their times", () => {
  const slot = (start, end) => ({ start, end })
  const [a, b, c] = [slot(0, 60), slot(0, 30), slot(30, 60)]

  const found = rowsOf([[a], [b, c]])

  equal([found.rows, found.at.get(a), found.at.get(b), found.at.get(c)], [2, [1, 3], [1, 2], [2, 3]])
  equal(rowsOf([[slot(0, 60), slot(30, 90)]]), null)
  equal(rowsOf([]).rows, 0)
})

test("groups are named as the server names them", () => {
  const element = { dataset: { room: "7", track: "" } }
  equal([groupKey("time", { start: 90_500, element }), groupKey("room", { element }), groupKey("track", { element })], ["90", "7", ""])
  equal([groupPlace("room", { order: 5_002, element }), groupPlace("track", { order: 5_002, element })], [2, Infinity])
})

test("what follows in a room passes over what is cancelled and what is elsewhere", () => {
  const slot = (room, start, end, cancelled = false) => ({ room, start, end, cancelled })
  const now = slot("1", 0, 30)
  const then = slot("1", 60, 90)

  equal(following(now, [slot("2", 30, 60), slot("1", 30, 60, true), slot("1", 90, 99), then]), then)
  equal(following(slot("", 0, 30), [slot("", 30, 60)]), undefined)
})

test("the page of now names what follows in the room, and takes in nothing of another day", () => {
  const minutes = (Date.now() - NOON) / 60_000
  const section = (name, ...more) => el("section", { "data-section": name }, ...more, el("div", { "data-slots": "" }))
  const host = el("now-next", { topic: "programme", from: iso(-MIDNIGHT - 60), to: iso(MIDNIGHT + 60), "data-then": "Dann", "data-minute": "1", "data-minutes": "{minutes}" },
    section("now"), el("p", { "data-when": "empty" }), el("p", { "data-when": "pause" }), el("p", { "data-when": "over" }),
    section("next", el("time", { "data-next-time": "" })), section("later"), section("past", el("span", { "data-past-count": "" })))
  host.querySelector("[data-section=later] [data-slots]").append(article("now", minutes - 5, minutes + 0.1, { room: "1" }))
  document.body.append(host)

  host.apply([item(article("then", minutes + 0.2, minutes + 30, { room: "1" })), item(article("far", 3000, 3030, { room: "1" }))])

  equal(host.querySelector("[data-section=now] [data-then]").textContent, `Dann t${minutes + 0.2} then`)
  equal([...host.querySelectorAll("[data-key]")].map(({ dataset }) => dataset.key), ["now", "then"])
})

test("a list of one session keeps what is its own, and lets go what becomes another's", () => {
  const host = el("live-some", { topic: "wall", field: "session", value: "5" }, article("a", 0, 30, { session: "5" }))
  document.body.append(host)

  host.apply([item(article("b", 0, 30, { session: "6" })), item(article("c", 0, 30, { session: "5" })), item(article("a", 0, 30, { session: "6", version: 2 }))])

  equal([...host.children].map(({ dataset }) => dataset.key), ["c"])
})
