// now-next.js: arranges the programme's slots by the clock into now, next, later and over. The server drew the same
// arrangement; this moves the same elements as time goes by and as slots change.

import { arrange, byRoom, following, progress, slotOf, takesPlace } from "agenda/arrange"
import { fragment } from "live/fragment"
import { LiveList } from "live/live-list"
import { pageAnswers } from "live/renewal"

const EVERY_MS = 15_000
const SPREAD_MS = 60_000

class NowNext extends LiveList {
  #timer
  #listening
  #opened = Date.now()

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

  // The topic brings every slot of the event; those of other days leave.
  put(item, options) {
    const stays = item.html === null || this.#touchesDay(fragment(item.html))
    return super.put(stays ? item : { ...item, html: null }, options)
  }

  #touchesDay(element) {
    const { start, end } = slotOf(element)
    const [from, to] = this.#day()
    return !(end <= from || start >= to)
  }

  #day() {
    return ["from", "to"].map((name) => Date.parse(this.getAttribute(name)))
  }

  // Where it stands is decided by changed(), for all slots together.
  place(next, current) {
    if (current) current.replaceWith(next)
    else this.#slotsOf("later").append(next)
  }

  changed() {
    const at = Date.now()
    const slots = [...this.keyed()].map(slotOf)
    const sections = arrange(slots, at)
    sections.now.sort(byRoom)
    for (const [name, some] of Object.entries(sections)) this.#fill(name, some)
    for (const slot of sections.now) if (takesPlace(slot)) this.#count(slot, at)
    for (const slot of sections.now) this.#follow(slot, takesPlace(slot) ? following(slot, slots) : undefined)
    this.#say(sections)
    this.#turn(at)
  }

  // A page that stays open over night goes on with the next day.
  async #turn(at) {
    const [, ends] = this.#day()
    if (!(this.#opened < ends && ends <= at)) return
    this.#opened = Infinity
    await pageAnswers(location.href, { spreadMs: SPREAD_MS })
    location.reload()
  }

  // "Then 11:45 Open Data", below what runs in that room.
  #follow({ element }, next) {
    const line = element.querySelector("[data-then]")
    if (!line) return
    line.hidden = next === undefined
    if (!next) return
    const name = document.createElement("bdi")
    name.textContent = next.element.querySelector(".slot__title").textContent
    const time = next.element.querySelector(".slot__time time").cloneNode(true)
    const words = `${this.dataset.then} ${time.textContent} ${name.textContent}`
    if (line.textContent !== words) line.replaceChildren(`${this.dataset.then} `, time, " ", name)
  }

  #section(name) {
    return this.querySelector(`[data-section="${name}"]`)
  }

  #slotsOf(name) {
    return this.#section(name).querySelector("[data-slots]")
  }

  // Moves only what stands elsewhere, so that focus and open details stay as they are.
  #fill(name, slots) {
    const host = this.#slotsOf(name)
    slots.forEach(({ element }, at) => {
      if (host.children[at] !== element) host.insertBefore(element, host.children[at] ?? null)
      if (name !== "now" || element.dataset.cancelled !== undefined) element.querySelector("[data-left]").hidden = true
    })
    this.#section(name).hidden = slots.length === 0
  }

  #count(slot, at) {
    const { minutes, percent } = progress(slot, at)
    const words = minutes === 1 ? this.dataset.minute : this.dataset.minutes
    const left = slot.element.querySelector("[data-left]")
    left.hidden = false
    left.querySelector("progress").value = percent
    const spoken = words.replace("{minutes}", minutes)
    const line = left.querySelector("[data-left-words]")
    if (line.textContent !== spoken) line.textContent = spoken
  }

  // Words about the day count what takes place; what is cancelled only stands there.
  #say({ now, next, later, past }) {
    const total = now.length + next.length + later.length + past.length
    const running = now.some(takesPlace)
    const first = next.find(takesPlace)
    const when = { empty: total === 0, pause: !running && Boolean(first), over: total > 0 && !running && !first }
    for (const [name, holds] of Object.entries(when)) this.querySelector(`[data-when="${name}"]`).hidden = !holds
    this.querySelector("[data-past-count]").textContent = past.length
    if (first) this.querySelector("[data-next-time]").textContent = first.element.querySelector(".slot__time time").textContent
  }
}

customElements.define("now-next", NowNext)
