// board-slide.js: the board for a hall: what runs and what comes, by room, at most six sessions at once. More take turns. A new card
// is marked once, by a bar; one for later in the day comes up once as well.

import { clock, weekday } from "eventhub/clock"
import { Arrivals, head, momentAt, TURN_MS, Turns, when } from "wall/board-turns"
import { planOnPage, say, slotsOnPage } from "wall/screen-slots"
import { card, element, handsOf, row } from "wall/slide-cards"
import { fit } from "wall/slide-fit"

const SIZES = { alone: { largest: 13, smallest: 5 } }
const BESIDE = [7.4, 7.4, 7.4] // titles in two columns by their rows; with more of them 5
const OF_ROWS = [10, 10, 8, 6.6] // a list's titles by its rows; with more of them 6.2
const FADE_MS = 250

class BoardSlide extends HTMLElement {
  #turns = new Turns()
  #arrivals = new Arrivals()
  #fresh = [] // [{ key, until }]
  #drawn = ""
  #page = ""

  hasContent(at) {
    const { above, pages } = momentAt(planOnPage().moments, at)
    return pages.length > 0 || above.some(Boolean)
  }

  draw(at) {
    const slots = slotsOnPage()
    const { above, pages, day } = momentAt(planOnPage().moments, at)
    const known = pages.map((page) => page.map((pair) => pair.map((key) => slots.get(key))))
    const shown = pages.length > 0 || !above.some(Boolean) ? known : [[]]
    this.#welcome(slots, pages, at)
    const later = this.#fresh.filter(({ page }) => page < 0).map(({ key }) => slots.get(key)).filter(Boolean)
    const number = later.length > 0 ? -1 : this.#turns.at(shown.length, at)
    const page = {
      number,
      count: shown.length,
      later: later.sort((a, b) => a.start - b.start || a.order - b.order).slice(0, 6),
      above: above.map((key) => slots.get(key)),
      rows: shown[number] ?? [],
      day,
    }
    const look = JSON.stringify([page, [...this.#fresh.map(({ key }) => key)], this.#counted()], (name, value) => (name === "element" ? undefined : value))
    if (look === this.#drawn) return
    this.#drawn = look
    this.#put(page, at)
  }

  measureAnew() {
    this.#drawn = ""
  }

  // What has just come is shown at once and marked while it stands; after a time under a cover nothing is new.
  #welcome(slots, pages, at) {
    if (document.hidden) this.#arrivals.forget()
    for (const key of this.#arrivals.of([...slots.keys()])) {
      const { start, cancelled } = slots.get(key)
      const page = pages.findIndex((rows) => rows.some((pair) => pair.includes(key)))
      if (cancelled || (page < 0 && start <= at)) continue
      this.#fresh.push({ key, page, until: at + TURN_MS })
      this.#turns.jump(Math.max(page, 0), at)
    }
    this.#fresh = this.#fresh.filter(({ until }) => until > at)
  }

  #counted() {
    return [...document.querySelectorAll("[topic=stage] [data-counted]")].map(({ dataset, textContent }) => [dataset.counted, textContent])
  }

  get #words() {
    const [zone, language] = [this.getAttribute("zone"), this.getAttribute("language")]
    return { words: this.dataset, time: clock(zone), zone, language }
  }

  #put(page, at) {
    const host = this.querySelector("[data-page]")
    const before = this.#page
    this.#page = `${page.number} ${page.later.length > 0}`
    host.replaceChildren(...(page.later.length > 0 ? this.#news(page, at) : this.#rows(page)))
    this.toggleAttribute("data-empty", host.children.length === 0)
    const { mode, rows } = host.dataset
    const largest = mode === "beside" ? (BESIDE[rows] ?? 5) : (OF_ROWS[rows] ?? 6.2)
    fit(host, host, SIZES[mode] ?? { largest, smallest: 4 })
    if (before === this.#page || before === "" || document.hidden) return
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return
    host.animate([{ opacity: 0 }, { opacity: 1 }], { duration: FADE_MS, easing: "ease-out" })
  }

  // Cards for later in the day, as they are placed.
  #news({ later }, at) {
    const host = this.querySelector("[data-page]")
    host.dataset.mode = "list"
    host.dataset.rows = later.length
    const lines = later.map((slot) => row(when(slot.start, at, this.#words), [card(slot, { fresh: true, meta: [handsOf(slot, this.dataset)] })], slot.roomName))
    return [element("h2", "board__head", this.dataset.fresh), ...lines]
  }

  #rows({ rows, above, day, number, count }) {
    const host = this.querySelector("[data-page]")
    const [now, next] = [0, 1].map((at) => rows.map((pair) => pair[at]).filter(Boolean))
    const beside = now.length > 0 && next.length > 0
    host.dataset.mode = rows.length === 0 ? "alone" : beside ? "beside" : "list"
    host.dataset.rows = rows.length
    const heads = { now: head(now, "now", this.#words), next: head(next, "next", { ...this.#words, day }) }
    const titles = [heads.now.text, heads.next.text].filter(Boolean).map((text) => element("h2", "board__head", text))
    const line = element("div", "board__heads")
    line.append(...titles)
    if (count > 1) line.append(element("p", "board__number", `${number + 1}/${count}`))
    const cards = (pair) => pair.map((slot, at) => (slot || beside ? this.#card(slot, at === 0 ? heads.now : heads.next) : null)).filter(Boolean)
    return [
      ...(titles.length > 0 ? [line] : []),
      ...this.#above(above, day, rows.length === 0),
      ...rows.filter((pair) => pair.some(Boolean)).map((pair) => row(pair.find(Boolean).roomName, cards(pair))),
    ]
  }

  #card(slot, { each }) {
    if (!slot) return card()
    const { time } = this.#words
    const own = each ? say(each, { time: time(each === this.dataset.until ? slot.end : slot.start) }) : ""
    const fresh = this.#fresh.some(({ key }) => key === slot.key)
    return card(slot, { fresh, meta: [own, handsOf(slot, this.dataset)] })
  }

  // What is everywhere, such as lunch: one line above the rooms, or large while there is nothing else.
  #above([now, next], day, alone) {
    const { time, zone, language } = this.#words
    const comes = (slot) => say(day ? this.dataset.day : this.dataset.next, { time: time(slot.start), day: weekday(zone, language)(slot.start) })
    const line = (slot, words) => {
      const made = element(alone ? "div" : "p", alone ? "board__alone" : "board__above")
      made.toggleAttribute("data-cancelled", slot.cancelled)
      made.append(element(alone ? "h2" : "b", "board__title", slot.title, { dir: "auto" }), " ", element("span", "board__when", slot.cancelled ? slot.news : words))
      return made
    }
    return [
      ...(now ? [line(now, say(this.dataset.until, { time: time(now.end) }))] : []),
      ...(next ? [line(next, comes(next))] : []),
    ]
  }
}

customElements.define("board-slide", BoardSlide)
