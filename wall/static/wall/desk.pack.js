// desk.pack.js: the desk of moderators.

import "wall/desk-board"
import "wall/desk-filter"
import "wall/desk-front"
import "wall/desk-keys"
import "wall/desk-queue"
import "wall/desk-words"
