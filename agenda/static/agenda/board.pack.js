// board.pack.js: the barcamp's board on a phone.

import "agenda/board-own"
import "agenda/board-page"
import "agenda/board-phase"
import "agenda/board-propose"
import "agenda/proposal-box"
import "agenda/vote-button"
import "agenda/votes"
