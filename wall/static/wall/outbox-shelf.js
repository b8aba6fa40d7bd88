// outbox-shelf.js: where notes wait until they are sent, each in a storage entry of its own, so that two tabs never overwrite
// each other's list; a photo lies beside its note. What the browser will not keep stays in this tab, and is called fleeting.

import { memoryStorage, namesIn } from "eventhub/storage"

const PHOTO = ".photo"

export class Shelf {
  #prefix
  #storage
  #here = memoryStorage()

  constructor(storage, slug) {
    this.#storage = storage
    this.#prefix = `eventhub.note.${slug}.`
  }

  // An entry { key, text, at, ... }, or { key, gone: true, at } for one that is to be taken back.
  put(entry) {
    this.#write(entry.key, JSON.stringify(entry))
  }

  get(key) {
    return read(this.#read(key))
  }

  putPhoto(key, dataUrl) {
    this.#write(key + PHOTO, dataUrl)
  }

  // The photo of a note as a data: URL, null when it was not kept.
  photo(key) {
    return this.#read(key + PHOTO)
  }

  remove(key) {
    for (const name of [key, key + PHOTO]) for (const storage of [this.#storage, this.#here]) storage.removeItem(this.#prefix + name)
  }

  // Oldest first, as everybody who shares the storage sees them now.
  entries() {
    const names = new Set([...namesIn(this.#storage, this.#prefix), ...namesIn(this.#here, this.#prefix)])
    const keys = [...names].map((name) => name.slice(this.#prefix.length)).filter((key) => !key.endsWith(PHOTO))
    return keys.map((key) => this.get(key)).filter(Boolean).map((entry) => ({ ...entry, fleeting: this.#isFleeting(entry) })).sort((a, b) => a.at - b.at)
  }

  #isFleeting({ key }) {
    return [key, key + PHOTO].some((name) => this.#here.getItem(this.#prefix + name) !== null)
  }

  #read(name) {
    return this.#here.getItem(this.#prefix + name) ?? this.#storage.getItem(this.#prefix + name)
  }

  #write(name, text) {
    try {
      this.#storage.setItem(this.#prefix + name, text)
      this.#here.removeItem(this.#prefix + name)
    } catch {
      this.#here.setItem(this.#prefix + name, text) // full or closed: at least this tab keeps it
    }
  }
}

function read(text) {
  try {
    const entry = JSON.parse(text)
    return typeof entry?.key === "string" && (typeof entry.text === "string" || entry.gone === true) ? entry : null
  } catch {
    return null
  }
}
