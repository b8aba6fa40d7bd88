// pieces.js: where a hashtag or an address may break. Pure.

const BREAKS = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{L})(?=\p{N})|(?<=[_./:-])/u

// "#MittelstandDigital2026" -> ["#Mittelstand", "Digital", "2026"]; a run of capitals stays together.
export const pieces = (text) => text.split(BREAKS)
