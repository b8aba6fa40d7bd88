import { el, equal, ok, test } from "harness"
import "live/live-list"

const html = (key, order, text = key, version = order) => `\n<article data-key="${key}" data-version="${version}" data-order="${order}"><p>${text}</p><button data-act="go">x</button></article>\n`
const item = (key, order, text, version = order) => ({ topic: "wall", key, version, order, html: text === null ? null : html(key, order, text, version) })

function list(attributes, ...items) {
  const host = el("live-list", { topic: "wall", ...attributes })
  document.body.append(host)
  host.reset(items)
  return host
}

const keys = (host) => [...host.querySelectorAll("[data-key]")].map(({ dataset }) => dataset.key).join("")

test("items stand in their order, newest first or last", () => {
  const items = [item("b", 2), item("a", 1), item("c", 3)]

  equal(keys(list({ order: "desc" }, ...items)), "cba")
  equal(keys(list({ order: "asc" }, ...items)), "abc")
})

test("orders are compared as numbers", () => {
  equal(keys(list({ order: "asc" }, item("b", 10), item("a", 9))), "ab")
})

test("an item replaces its older version in place", () => {
  const host = list({ order: "desc" }, item("a", 1), item("b", 2))

  host.apply([{ ...item("a", 1, "neu", 5) }])

  equal(keys(host), "ba")
  equal(host.find("a").querySelector("p").textContent, "neu")
})

test("an item older than what stands is left out", () => {
  const host = list({}, item("a", 1, "neu", 7))

  host.put(item("a", 1, "alt", 6))

  equal(host.find("a").querySelector("p").textContent, "neu")
})

test("what is only drawn again enters no list that does without it", () => {
  const host = list({ order: "desc" }, item("a", 1), item("b", 2))
  host.apply([item("c", 3)])

  host.apply([{ ...item("a", 1, "neu", 1), version: 9, redraw: true }, { ...item("z", 0, "alt", 1), version: 9, redraw: true }])

  equal(keys(host), "cba")
  equal(host.find("a").querySelector("p").textContent, "neu")
  equal([...host.querySelectorAll("[data-new]")].map(({ dataset }) => dataset.key), ["c"])
  host.apply([{ ...item("b", 2, "alt", 5) }, { ...item("z", 0, "spät", 10) }])
  equal(keys(host), "cbaz")
})

test("what is drawn again is newer than what it was", () => {
  const host = list({}, item("a", 1))
  host.apply([{ ...item("a", 1, "neu", 1), version: 9, redraw: true }])

  host.apply([item("a", 1, "alt", 5)])

  equal(host.find("a").querySelector("p").textContent, "neu")
})

test("a removed item leaves, one that was never there changes nothing", () => {
  const host = list({}, item("a", 1), item("b", 2))

  host.apply([item("a", 3, null), item("z", 4, null)])

  equal(keys(host), "b")
})

test("the newest stay within the limit", () => {
  const descending = list({ order: "desc", limit: "2" }, item("a", 1), item("b", 2))
  const ascending = list({ order: "asc", limit: "2" }, item("a", 1), item("b", 2))

  descending.apply([item("c", 3)])
  ascending.apply([item("c", 3)])

  equal([keys(descending), keys(ascending)], ["cb", "bc"])
})

test("only the newest arrival is marked, and a reset marks nothing", () => {
  const host = list({ order: "desc" }, item("a", 1))
  equal(host.querySelectorAll("[data-new]").length, 0)

  host.apply([item("b", 2)])
  host.apply([item("c", 3)])
  host.apply([item("c", 3, "anders", 4)])

  equal([...host.querySelectorAll("[data-new]")].map(({ dataset }) => dataset.key), ["c"])
})

test("a reset removes what is not in it", () => {
  const host = list({ order: "asc" }, item("a", 1), item("b", 2))

  host.reset([item("b", 2), item("c", 3)])

  equal(keys(host), "bc")
})

test("the focus stays on the same button of the new version", () => {
  const host = list({}, item("a", 1))
  host.find("a").querySelector("button").focus()

  host.apply([item("a", 1, "neu", 2)])

  ok(document.activeElement === host.find("a").querySelector("button"))
})

test("markup in a key is only a key", () => {
  const host = list({}, item("a", 1))
  const strange = `x"]<b>`

  host.apply([{ topic: "wall", key: strange, version: 2, order: 2, html: null }])

  equal(keys(host), "a")
})
