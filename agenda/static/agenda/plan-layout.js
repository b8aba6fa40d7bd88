// plan-layout.js: where the cards of the staff's board stand: in the first row of their room that they touch, else between the
// rows, else in a pile. Remembers nothing; agenda/plan_rows.py does the same for the first picture.

const PERIODS = "[data-row]:not([data-row=''])"
const ms = (element, name) => Date.parse(element.dataset[name])

export function layOut(board) {
  const rows = [...board.querySelectorAll(PERIODS)].map((element) => ({ element, start: ms(element, "start"), end: ms(element, "end"), day: element.dataset.day }))
  const tiles = [...board.tiles()]
  for (const tile of tiles.filter(({ dataset }) => dataset.slot === undefined)) intoPile(board, tile)
  const standing = tiles.filter(({ dataset }) => dataset.slot !== undefined)
  for (const tile of standing) place(board, tile, rows)
  for (const between of board.querySelectorAll(".row--between")) if (!between.querySelector(".tile")) between.remove()
  for (const { element, start, end } of rows) markCells(element, standing.filter((tile) => ms(tile, "start") < end && ms(tile, "end") > start), board.dataset.free)
  countPiles(board)
}

function place(board, tile, rows) {
  const [start, end] = [ms(tile, "start"), ms(tile, "end")]
  const { room } = tile.dataset
  const hit = room && rows.find((row) => start < row.end && end > row.start && row.element.querySelector(`.cell[data-room="${room}"]`))
  if (hit) return keepIn(hit.element.querySelector(`.cell[data-room="${room}"]`), tile, (cell) => cell.querySelector(".cell__free"))
  const outside = tile.dataset.state === undefined && !rows.some(({ day }) => day === board.day(start))
  keepIn(outside ? board.querySelector("[data-away]") : between(board, start, end), tile)
}

// Moving an element that is where it belongs would take its focus.
function keepIn(host, tile, before = () => null) {
  if (tile.parentElement !== host) host.insertBefore(tile, before(host))
}

function between(board, start, end) {
  const all = [...board.querySelectorAll("[data-frame] .row")]
  const found = all.find((row) => row.matches(".row--between") && ms(row, "start") === start)
  if (found) return found.querySelector(".row__cards")
  const row = Object.assign(document.createElement("div"), { className: "row row--between", role: "group", ariaLabel: board.time(start) })
  Object.assign(row.dataset, { row: "", start: new Date(start).toISOString(), end: new Date(end).toISOString(), day: board.day(start) })
  const time = Object.assign(document.createElement("p"), { className: "row__time" })
  time.append(Object.assign(document.createElement("time"), { textContent: board.time(start) }))
  const cards = Object.assign(document.createElement("div"), { className: "row__cards" })
  row.append(time, cards)
  const later = all.find((other) => ms(other, "start") >= start)
  if (later) later.before(row)
  else board.querySelector(".rows").append(row)
  return cards
}

function markCells(row, running, free) {
  const taking = running.filter(({ dataset }) => dataset.cancelled === undefined)
  for (const cell of row.querySelectorAll(".cell")) {
    const there = taking.find(({ dataset }) => dataset.room === "" || dataset.room === cell.dataset.room)
    const own = taking.some((tile) => tile.parentElement === cell)
    const words = there ? title(there) : free
    const button = cell.querySelector(".cell__free")
    cell.toggleAttribute("data-taken", Boolean(there))
    button.hidden = own
    if (button.textContent !== words) button.textContent = words
    button.ariaLabel = `${cell.dataset.name}, ${row.ariaLabel}: ${words}`
  }
}

function intoPile(board, tile) {
  const cards = board.querySelector(`[data-list="${tile.dataset.state}"] [data-cards]`) ?? board.querySelector("[data-away]")
  if (tile.parentElement === cards) return
  const later = [...cards.children].find((other) => Number(other.dataset.order) > Number(tile.dataset.order))
  cards.insertBefore(tile, later ?? null)
}

function countPiles(board) {
  for (const pile of board.querySelectorAll("[data-list]")) {
    const count = pile.querySelectorAll(".tile").length
    pile.querySelector("[data-count]").textContent = count
    pile.querySelector("[data-empty]").hidden = count > 0
    if (pile.dataset.list === "held") pile.hidden = count === 0
  }
}

export const title = (tile) => tile.querySelector("[data-title]").textContent

// Where the keyboard gets hold of a card or a cell.
export const stopIn = (element) => element?.querySelector("[data-stop]:not([hidden])")
