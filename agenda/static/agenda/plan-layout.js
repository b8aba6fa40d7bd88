// plan-layout.js: where the cards of the staff's board stand: in the first row of their room that they touch, else between the
// rows, else in a pile. Remembers nothing; agenda/plan_rows.py does the same for the first picture.

const PERIODS = "[data-row]:not([data-row=''])"
const ms = (element, name) => Date.parse(element.dataset[name])

export function layOut(board) {
  const rows = [...board.querySelectorAll(PERIODS)].map(rowOf)
  const standing = []
  for (const tile of board.tiles()) {
    if (tile.dataset.slot === undefined) intoPile(board, tile)
    else standing.push({ tile, room: tile.dataset.room, start: ms(tile, "start"), end: ms(tile, "end") })
  }
  for (const one of standing) place(board, one, rows)
  for (const between of board.querySelectorAll(".row--between")) if (!between.querySelector(".tile")) between.remove()
  for (const row of rows) markCells(row, standing.filter(({ start, end }) => start < row.end && end > row.start), board.dataset.free)
  countPiles(board)
}

function rowOf(element) {
  const cells = new Map([...element.querySelectorAll(".cell")].map((cell) => [cell.dataset.room, cell]))
  return { element, cells, start: ms(element, "start"), end: ms(element, "end"), day: element.dataset.day }
}

function place(board, { tile, room, start, end }, rows) {
  const hit = room && rows.find((row) => start < row.end && end > row.start && row.cells.has(room))
  if (hit) return keepIn(hit.cells.get(room), tile, (cell) => cell.querySelector(".cell__free"))
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

// Writes only what differs: each write is a new look for the browser to work out.
function markCells({ element, cells }, running, free) {
  const taking = running.filter(({ tile }) => tile.dataset.cancelled === undefined)
  for (const cell of cells.values()) {
    const there = taking.find(({ room }) => room === "" || room === cell.dataset.room)
    const own = taking.some(({ tile }) => tile.parentElement === cell)
    const words = there ? title(there.tile) : free
    const button = cell.querySelector(".cell__free")
    if (cell.hasAttribute("data-taken") !== Boolean(there)) cell.toggleAttribute("data-taken")
    if (button.hidden !== own) button.hidden = own
    if (button.textContent !== words) button.textContent = words
    const label = `${cell.dataset.name}, ${element.ariaLabel}: ${words}`
    if (button.ariaLabel !== label) button.ariaLabel = label
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
    const number = pile.querySelector("[data-count]")
    if (number.textContent !== String(count)) number.textContent = count
    pile.querySelector("[data-empty]").hidden = count > 0
    if (pile.dataset.list === "held") pile.hidden = count === 0
  }
}

export const title = (tile) => tile.querySelector("[data-title]").textContent

// Where the keyboard gets hold of a card or a cell.
export const stopIn = (element) => element?.querySelector("[data-stop]:not([hidden])")
