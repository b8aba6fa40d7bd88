// programme-day.js: keeps one day of the programme, or what was found in it, in step: under its headings, with what is over set
// back. The server drew the same; without this module nothing moves and nothing is missing.

import { slotOf } from "agenda/arrange"
import { groupKey, groupPlace, rowsOf } from "agenda/day-groups"
import { fragment } from "live/fragment"
import { insertInOrder, LiveList } from "live/live-list"

const EVERY_MS = 15_000

class ProgrammeDay extends LiveList {
  #timer
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    document.addEventListener("visibilitychange", () => document.hidden || this.changed(), { signal })
    this.#timer = setInterval(() => this.changed(), EVERY_MS)
    this.changed()
  }

  disconnectedCallback() {
    this.#listening.abort()
    clearInterval(this.#timer)
  }

  // The topic brings every slot of the event; those of other days, or of another kind, leave.
  put(item, options) {
    const stays = item.html === null || this.#belongs(item)
    return super.put(stays ? item : { ...item, html: null }, options)
  }

  #belongs({ key, html }) {
    const next = fragment(html)
    if (this.hasAttribute("found")) return this.find(key) !== null
    if (this.hasAttribute("kind")) return next?.dataset.kind === this.getAttribute("kind")
    const start = Date.parse(next?.dataset.start)
    return Date.parse(this.getAttribute("from")) <= start && start < Date.parse(this.getAttribute("to"))
  }

  place(next, current) {
    current?.remove()
    const group = this.#groupFor(slotOf(next))
    insertInOrder(group.querySelector("[data-slots]"), next)
  }

  get #by() {
    return this.getAttribute("by")
  }

  get #host() {
    return this.querySelector("[data-groups]")
  }

  #groups() {
    return [...this.#host.children]
  }

  #groupFor(slot) {
    const key = groupKey(this.#by, slot)
    const group = this.#groups().find(({ dataset }) => dataset.group === key) ?? this.#newGroup(key, slot)
    const head = group.querySelector("[data-head]")
    const words = this.#heading(slot.element)
    if (!this.hasAttribute("found") && head.textContent !== words) head.textContent = words
    return group
  }

  #newGroup(key, slot) {
    const group = this.querySelector("template").content.firstElementChild.cloneNode(true)
    group.dataset.group = key
    group.querySelector("[data-head]").textContent = this.#heading(slot.element)
    const mine = groupPlace(this.#by, slot)
    const after = this.#groups().find((other) => {
      const first = other.querySelector("[data-key]")
      return first !== null && groupPlace(this.#by, slotOf(first)) > mine
    })
    this.#host.insertBefore(group, after ?? null)
    return group
  }

  #heading(element) {
    const words = (selector) => element.querySelector(selector)?.textContent.trim()
    if (this.#by === "time") return words(".slot__time time")
    return this.#by === "room" ? (words(".slot__room") ?? this.dataset.everywhere) : (words(".slot__track") ?? this.dataset.without)
  }

  changed() {
    for (const group of this.#groups()) if (!group.querySelector("[data-key]")) group.remove()
    const slots = [...this.keyed()].map(slotOf)
    this.#setBack(slots, Date.now())
    this.#align()
    for (const element of this.querySelectorAll("[data-colour]")) element.style.setProperty("--track", element.dataset.colour)
    this.querySelector('[data-when="empty"]').hidden = slots.length > 0 || this.hasAttribute("found")
    super.changed()
  }

  // A day that is over as a whole is read like any other.
  #setBack(slots, at) {
    const over = slots.filter(({ end }) => end <= at)
    const some = over.length < slots.length && !this.hasAttribute("found")
    for (const { element, start, end } of slots) {
      element.toggleAttribute("data-past", some && end <= at)
      element.toggleAttribute("data-running", start <= at && at < end && !element.hasAttribute("data-cancelled"))
    }
    this.querySelector("[data-past-count]").textContent = over.length
    this.querySelector(".day__past").hidden = !some || over.length === 0
  }

  // Beside each other, what is at the same time stands at the same height.
  #align() {
    if (this.#by !== "room") return
    const columns = this.#groups().map((group) => [...group.querySelectorAll("[data-key]")].map(slotOf))
    const found = rowsOf(columns)
    this.toggleAttribute("data-aligned", found !== null)
    this.#host.style.gridTemplateRows = found ? `auto repeat(${found.rows}, auto)` : ""
    for (const slot of columns.flat()) {
      const [from, to] = found?.at.get(slot) ?? []
      slot.element.style.gridRow = found ? `${from + 1} / ${to + 1}` : ""
    }
  }
}

customElements.define("programme-day", ProgrammeDay)
