// grid-board.js: the organizers' day grid. Lays the cards out by time and keeps them in step with the stream; what fingers, mouse
// and keys do to them is in grid-drag, grid-pick and grid-keys, and leaves by grid-post. Shows nothing the server has not said.

import { GridEditor } from "agenda/grid-edit"
import { dragging } from "agenda/grid-drag"
import { Hand } from "agenda/grid-hand"
import { keys } from "agenda/grid-keys"
import { picking } from "agenda/grid-pick"
import { GridPost } from "agenda/grid-post"
import { instantAt, lanes, marks, MINUTE_MS, pixels, scaleOf, topOf } from "agenda/grid-scale"
import { clock } from "eventhub/clock"
import { LiveList } from "live/live-list"

const SHORT_PX = 44

class GridBoard extends LiveList {
  #listening
  drags = ".card"
  scale = null
  post = null
  hand = null
  editor = null

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.post = new GridPost(this, signal)
    this.hand = new Hand(this)
    this.editor = new GridEditor(this, document.getElementById("edit"), signal)
    dragging(this, signal)
    picking(this, signal)
    keys(this, signal)
    this.addEventListener("live-change", ({ target }) => target !== this && this.#mark(), { signal })
    for (const tab of this.querySelectorAll("[data-tab]")) tab.addEventListener("click", (event) => this.#turn(event), { signal })
    this.querySelector("[data-columns]").addEventListener("scroll", () => this.#tellRoom(), { signal, passive: true })
    this.toggleAttribute("data-laid", true)
    this.changed()
    this.#tellRoom()
  }

  disconnectedCallback() {
    this.#listening.abort() ?? this.post.stop()
  }

  // What stands beside the grid lies in it, but is another list's.
  keyed() {
    return this.querySelectorAll("[data-lane] [data-key]")
  }

  find(key) {
    return this.querySelector(`[data-lane] [data-key="${CSS.escape(key)}"]`)
  }

  place(next, current) {
    const lane = this.lane(next.dataset.room) ?? this.lane("")
    if (next.dataset.day !== this.dataset.day) current?.remove()
    else if (current?.parentElement === lane) current.replaceWith(next)
    else {
      current?.remove()
      lane.append(next)
    }
  }

  lane(room) {
    return this.querySelector(`[data-lane="${CSS.escape(room)}"]`)
  }

  rooms() {
    return [...this.querySelectorAll("[data-lane]")].map(({ dataset }) => dataset.lane)
  }

  time(ms) {
    return clock(this.dataset.zone)(ms)
  }

  changed() {
    this.#layOut()
    this.#mark()
    this.hand.follow()
    super.changed()
  }

  #layOut() {
    const { opens, closes } = this.dataset
    const slots = [...this.keyed()].map(slotOf)
    this.scale = scaleOf(slots, { opens: Date.parse(opens), closes: Date.parse(closes) })
    const height = `${pixels(this.scale, this.scale.until - this.scale.from)}px`
    for (const lane of this.querySelectorAll("[data-lane]")) {
      const own = slots.filter(({ element }) => element.parentElement === lane)
      const beside = lanes(own)
      lane.style.height = height
      for (const slot of own) this.stand(slot.element, slot.start, slot.end, beside.get(slot.key))
      const bands = lane.dataset.lane === "" ? [] : slots.filter(({ element }) => element.dataset.room === "").map((slot) => this.#band(slot))
      for (const band of lane.querySelectorAll(".band")) band.remove()
      lane.prepend(...bands)
    }
    const axis = this.querySelector("[data-axis]")
    Object.assign(axis, { hidden: false }).style.height = height
    axis.replaceChildren(...marks(this.scale).map((at) => this.#hour(at)))
  }

  // Put a card, or what shows where it would be, at its time.
  stand(element, start, end, { lane = 0, of = 1 } = {}) {
    const height = pixels(this.scale, end - start)
    const { style } = element
    style.top = `${topOf(this.scale, start)}px`
    style.height = `${height}px`
    style.insetInlineStart = `${(100 * lane) / of}%`
    style.width = `${100 / of}%`
    element.toggleAttribute("data-short", height < SHORT_PX)
  }

  #band({ element, start, end }) {
    const band = Object.assign(document.createElement("p"), { className: "band", ariaHidden: "true" })
    band.textContent = element.querySelector("[data-title]").textContent
    this.stand(band, start, end)
    return band
  }

  #hour(at) {
    const mark = Object.assign(document.createElement("time"), { className: "board__hour", textContent: this.time(at) })
    mark.style.top = `${topOf(this.scale, at)}px`
    return mark
  }

  #mark() {
    for (const card of this.keyed()) {
      const words = new Set()
      for (const { dataset } of this.querySelectorAll("[data-tray] [data-one]")) {
        if (dataset.one === card.dataset.key) words.add(dataset.onOne)
        if (dataset.other === card.dataset.key) words.add(dataset.onOther)
      }
      const line = card.querySelector("[data-clash]")
      line.textContent = [...words].join("; ")
      line.hidden = words.size === 0
      card.toggleAttribute("data-clashes", words.size > 0)
    }
  }

  // Something dragged is over `under`: it shows where it would stand, and a tab turns to its room.
  over(under, { y, grip }) {
    const [lane, tab] = [under.closest("[data-lane]"), under.closest("[data-tab]")]
    if (tab) this.show(tab.dataset.tab)
    else if (lane) this.hand.put(lane.dataset.lane, instantAt(this.scale, y - grip - lane.getBoundingClientRect().top))
  }

  scrolls = () => [this.querySelector("[data-frame]"), this.querySelector("[data-columns]")]

  // On a phone one room at a time: swiped or by its tab.
  #turn(event) {
    event.preventDefault()
    this.show(event.currentTarget.dataset.tab)
  }

  show(room) {
    const columns = this.querySelector("[data-columns]")
    columns.scrollTo({ left: this.lane(room).parentElement.offsetLeft - columns.firstElementChild.offsetLeft })
  }

  #tellRoom() {
    const columns = this.querySelector("[data-columns]")
    const middle = columns.getBoundingClientRect().left + columns.clientWidth / 2
    for (const tab of this.querySelectorAll("[data-tab]")) {
      const { left, right } = this.lane(tab.dataset.tab).getBoundingClientRect()
      if (left <= middle && middle < right) tab.setAttribute("aria-current", "true")
      else tab.removeAttribute("aria-current")
    }
  }
}

export const slotOf = (element) => ({
  element,
  key: element.dataset.key,
  room: element.dataset.room,
  start: Date.parse(element.dataset.start),
  end: Date.parse(element.dataset.end),
  minutes: (Date.parse(element.dataset.end) - Date.parse(element.dataset.start)) / MINUTE_MS,
})

customElements.define("grid-board", GridBoard)
