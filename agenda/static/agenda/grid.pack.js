// grid.pack.js: the day grid for organizers.

import "agenda/grid-board"
import "agenda/grid-edit"
import "agenda/grid-hand"
import "agenda/grid-keys"
import "agenda/grid-pick"
import "agenda/grid-post"
import "agenda/grid-scale"
