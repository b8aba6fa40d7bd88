"""What many people see at once: sources, posts, rules, screens; and what their keepers have."""

from wall.models.author import Author
from wall.models.decision import Action, Decision
from wall.models.direction import Delay, Direction, Placard, Rehearsal
from wall.models.keeper import (
    Evidence,
    Listed,
    Objection,
    Presence,
    Step,
    Tombstone,
)
from wall.models.photo import Photo
from wall.models.picture import Picture
from wall.models.post import Post
from wall.models.prompt import Prepared, Prompt
from wall.models.rule import Rule
from wall.models.screen import Display, Pairing, Screen, Sign
from wall.models.source import Source

__all__ = [
    "Action",
    "Author",
    "Decision",
    "Delay",
    "Direction",
    "Display",
    "Evidence",
    "Listed",
    "Objection",
    "Pairing",
    "Photo",
    "Picture",
    "Placard",
    "Post",
    "Prepared",
    "Presence",
    "Prompt",
    "Rehearsal",
    "Rule",
    "Screen",
    "Sign",
    "Source",
    "Step",
    "Tombstone",
]
