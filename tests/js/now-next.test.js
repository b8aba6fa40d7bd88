import { el, equal, ok, test } from "harness"
import { arrange, progress } from "agenda/arrange"
import { sayNow } from "wall/now-words"
import "agenda/now-next"

const at = (text) => Date.parse(`2026-03-12T${text}:00+01:00`)
const slot = (key, start, end, more = {}) => ({ key, start: at(start), end: at(end), order: at(start), kind: "talk", title: key, ...more })
const keys = (sections) => Object.fromEntries(Object.entries(sections).map(([name, slots]) => [name, slots.map(({ key }) => key)]))

const DAY = [slot("open", "09:00", "10:00"), slot("panel", "10:00", "11:00"), slot("a", "11:45", "12:30"), slot("b", "11:45", "12:30", { order: at("11:45") + 1 }), slot("lunch", "12:30", "13:30", { kind: "break" })]

test("slots are half-open", () => {
  equal(keys(arrange(DAY, at("10:00"))), { now: ["panel"], next: ["a", "b"], later: ["lunch"], past: ["open"] })
})

test("everything that starts first is next", () => {
  equal(keys(arrange(DAY, at("11:30"))), { now: [], next: ["a", "b"], later: ["lunch"], past: ["open", "panel"] })
})

test("an empty programme has empty sections", () => {
  equal(keys(arrange([], at("10:00"))), { now: [], next: [], later: [], past: [] })
})

test("what is cancelled stands in its place and counts for nothing", () => {
  const day = [slot("a", "10:00", "11:00", { cancelled: true }), slot("b", "10:00", "11:00"), slot("c", "11:00", "12:00", { cancelled: true }), slot("d", "11:30", "12:00"), slot("e", "12:00", "13:00", { cancelled: true })]

  equal(keys(arrange(day, at("10:30"))), { now: ["a", "b"], next: ["c", "d"], later: ["e"], past: [] })
  equal(keys(arrange(day.slice(2, 3), at("10:30"))), { now: [], next: [], later: ["c"], past: [] })
  equal(say(day, at("10:30")), "Jetzt: b")
  equal(say(day, at("11:15")), "Weiter um 11:30: d")
})

test("the last minute counts as one", () => {
  equal(progress(slot("x", "10:00", "11:00"), at("10:59") + 59_000).minutes, 1)
  equal(progress(slot("x", "10:00", "11:00"), at("10:30")), { minutes: 30, percent: 50 })
})

const WORDS = { now: "Jetzt: {title}", break: "{title} bis {time}", many: "{n} bis {time}", next: "Weiter um {time}: {title}", before: "Los um {time}", day: "Am {day} um {time}", over: "Ende" }
const say = (slots, when) => sayNow(slots, when, { zone: "Europe/Berlin", language: "de", words: WORDS })

test("the line follows the programme by the clock", () => {
  equal(say(DAY, at("08:41")), "Los um 09:00")
  equal(say(DAY, at("10:00")), "Jetzt: panel")
  equal(say(DAY, at("11:30")), "Weiter um 11:45: a")
  equal(say(DAY, at("12:00")), "2 bis 12:30")
  equal(say(DAY, at("12:45")), "lunch bis 13:30")
  equal(say(DAY, at("13:30")), "Ende")
  equal(say([], at("13:30")), "")
})

test("tomorrow is named by its day", () => {
  equal(say([...DAY, slot("more", "09:00", "10:00", { start: at("09:00") + 86_400_000, end: at("10:00") + 86_400_000 })], at("18:00")), "Am Freitag um 09:00")
})

test("a title with a placeholder in it stays as it is", () => {
  equal(say([slot("{time} $& ist Geld", "10:00", "11:00", { kind: "break" })], at("10:30")), "{time} $& ist Geld bis 11:00")
})

function article(key, startMinutes, endMinutes) {
  const time = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString()
  const left = el("div", { "data-left": "", hidden: "" }, el("progress", { max: "100" }), el("span", { "data-left-words": "" }))
  return el("article", { "data-key": key, "data-version": "1", "data-order": String(startMinutes), "data-start": time(startMinutes), "data-end": time(endMinutes) },
    el("p", { class: "slot__time" }, el("time", {}, `t${startMinutes}`)), el("h3", { class: "slot__title" }, key), left)
}

function page(...articles) {
  const section = (name, ...more) => el("section", { "data-section": name }, ...more, el("div", { "data-slots": "" }))
  const host = el("now-next", { topic: "programme", "data-minute": "noch 1 Minute", "data-minutes": "noch {minutes} Minuten" },
    section("now"), el("p", { "data-when": "empty" }), el("p", { "data-when": "pause" }), el("p", { "data-when": "over" }),
    section("next", el("time", { "data-next-time": "" })), section("later"), section("past", el("span", { "data-past-count": "" })))
  host.querySelector("[data-section=later] [data-slots]").append(...articles)
  document.body.append(host)
  return host
}

const shown = (host) => Object.fromEntries(["now", "next", "later", "past"].map((name) => [name, [...host.querySelectorAll(`[data-section=${name}] [data-key]`)].map(({ dataset }) => dataset.key)]))

test("elements stand where the clock says, with the minutes left", () => {
  const host = page(article("later", 90, 120), article("now", -10, 20), article("past", -60, -30), article("next", 30, 60))

  equal(shown(host), { now: ["now"], next: ["next"], later: ["later"], past: ["past"] })
  equal(host.querySelector("[data-section=now] [data-left-words]").textContent, "noch 20 Minuten")
  equal(host.querySelector("[data-next-time]").textContent, "t30")
  equal(host.querySelector("[data-past-count]").textContent, "1")
})

test("a moved slot changes its place and a cancelled one leaves", () => {
  const host = page(article("a", -10, 20), article("b", 30, 60))

  host.apply([{ topic: "programme", key: "b", version: 2, order: 1, html: article("b", -5, 60).outerHTML }, { topic: "programme", key: "a", version: 3, order: 1, html: null }])

  equal(shown(host), { now: ["b"], next: [], later: [], past: [] })
  ok(host.querySelector("[data-section=next]").hidden)
})

test("a cancelled slot stands among what runs without minutes, and nothing is said to run", () => {
  const off = article("off", -10, 20)
  off.dataset.cancelled = ""
  const host = page(off, article("next", 30, 60))

  equal(shown(host), { now: ["off"], next: ["next"], later: [], past: [] })
  ok(off.querySelector("[data-left]").hidden)
  equal(host.querySelector("[data-when=pause]").hidden, false)
})

test("an empty programme says so", () => {
  const host = page()

  equal([...host.querySelectorAll("[data-when]")].map(({ hidden }) => hidden), [false, true, true])
})
