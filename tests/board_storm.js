// board_storm.js: somebody who places, moves, swaps, merges and parks at random on the staff's board, by its own buttons, and writes
// down what was asked and what was answered. Put into a page by tests/board_storm.py.
window.storm = async ({ seed, operations, pauseMs }) => {
  const board = document.querySelector("plan-board")
  const random = mulberry(seed)
  const pick = (list) => list[Math.floor(random() * list.length)]
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms))
  const find = (selector) => [...board.querySelectorAll(selector)].filter((one) => !one.closest("[hidden], dialog:not([open])"))
  const journal = []
  const original = window.fetch
  window.fetch = async (url, options) => {
    const answer = await original(url, options)
    if (options?.method !== "POST") return answer
    const json = await answer.clone().json().catch(() => null)
    journal.push({ path: new URL(url, location.href).pathname.replace(/^.*\/home\/barcamp\//, ""), status: answer.status, words: json?.said ?? json?.error?.message ?? "" })
    return answer
  }
  const settled = async () => {
    while (board.post.busy) await sleep(10)
    await sleep(0)
  }
  const press = (name) => {
    const button = find(`[data-bar] [data-act="${name}"]`)[0]
    button?.click()
    return Boolean(button)
  }

  const deeds = {
    place: (held) => onto(held, ".pile .tile", ".cell"),
    move: (held) => onto(held, ".cell .tile:not([data-locked])", ".cell"),
    meet: (held) => onto(held, ".tile:not([data-locked])", ".cell .tile"),
    park: (held) => hold(held, ".cell .tile:not([data-locked])", () => press("remove")),
    queue: (held) => hold(held, ".pile .tile", () => press(pick(["park", "queue"])) || press("leave")),
    cancel: (held) => hold(held, ".cell .tile:not([data-locked])", () => press("cancel") || press("restore")),
    undo: async () => press("undo"),
  }
  const weights = [["place", 30], ["move", 25], ["meet", 20], ["park", 10], ["queue", 4], ["cancel", 6], ["undo", 5]]
  const chosen = weights.flatMap(([name, times]) => Array(times).fill(name))

  async function hold(held, from, act) {
    const tile = pick(find(from))
    if (!tile) return
    tile.querySelector(".tile__open").click()
    await sleep(held)
    act()
  }

  // The target is chosen before a pause: others may have changed the board when it is tapped.
  async function onto(held, from, to) {
    const target = pick(find(to))
    await hold(held, from, () => {
      if (!target?.isConnected) return // nobody taps what has gone from the board
      const stop = target.matches(".cell") ? target.querySelector(".cell__free:not([hidden]), .tile__open") : target.querySelector(".tile__open")
      stop?.click()
    })
    await sleep(1)
    const choices = find("[data-ask] [data-act]")
    const merges = random() < 0.15
    const wanted = choices.filter(({ dataset }) => merges || dataset.act !== "merge")
    if (choices.length > 0) pick(wanted.length ? wanted : choices).click()
  }

  // Each operation has its time, and one that came late is no excuse for the next: who is behind begins at once.
  const began = performance.now()
  for (let done = 0; done < operations; done += 1) {
    const before = journal.length
    for (let tries = 0; journal.length === before && tries < 50; tries += 1) {
      await deeds[pick(chosen)](random() * pauseMs * 0.8)
      await settled()
      board.hand.leave()
    }
    await sleep(Math.max(0, (done + 1) * pauseMs - (performance.now() - began)))
  }
  window.fetch = original
  return journal

  function mulberry(state) {
    return () => {
      state = (state + 0x6d2b79f5) | 0
      let t = Math.imul(state ^ (state >>> 15), 1 | state)
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296
    }
  }
}

// What the board shows: each card, where it says it is, and in which cell or pile it stands.
window.boardPicture = () =>
  [...document.querySelectorAll("plan-board .tile[data-state]")].map((tile) => {
    const { key, slot, room, start, state, cancelled } = tile.dataset
    const cell = tile.closest(".cell")
    const inside = cell ? `${cell.dataset.room} ${Date.parse(cell.closest(".row").dataset.start)}` : (tile.closest("[data-list]")?.dataset.list ?? "")
    return { card: key, slot: slot ?? "", place: slot === undefined ? state : `${room} ${Date.parse(start)}`, stands: inside, cancelled: cancelled !== undefined }
  })
