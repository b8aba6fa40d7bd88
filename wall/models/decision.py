"""Who decided what: about one post, about the whole wall. What undo takes back."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models import Event
from wall.models.post import Post


class Action(models.Model):
    """One deed at the desk beyond a single post: a block, a list, a brake, a decline in bulk.

    With `Decision` it is the audit log. `undo` holds what taking it back needs, never what a
    post said.
    """

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="actions", verbose_name=_("event")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("done by"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    verb = models.CharField(_("deed"), max_length=30)  # a name in wall.actions.VERBS
    about = models.CharField(_("about"), max_length=200, blank=True)
    count = models.PositiveIntegerField(_("posts"), default=0)
    undo = models.JSONField(_("what undoing needs"), default=dict, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken back by"),
    )
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("deed")
        verbose_name_plural = _("deeds")
        indexes = [models.Index(fields=["event", "-at"], name="action_newest")]

    def __str__(self) -> str:
        return f"{self.verb} {self.about}".strip()


class DecisionQuerySet(models.QuerySet["Decision"]):
    def latest_of(self, post: Post) -> "Decision | None":
        return self.filter(post=post).order_by("-pk").first()


class Decision(models.Model):
    """Who moved a post from one state to another: the audit log, and what undo takes back.

    It holds no content. A post may be deleted, by law must be; that somebody decided stays until
    the event itself goes.
    """

    Reason = Post.Reason

    event = models.ForeignKey(Event, on_delete=models.CASCADE, verbose_name=_("event"))
    post = models.ForeignKey(
        Post,
        on_delete=models.SET_NULL,
        null=True,
        related_name="decisions",
        verbose_name=_("post"),
    )
    action = models.ForeignKey(
        Action,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("deed"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("decided by"),
    )
    before = models.CharField(_("before"), max_length=10, choices=Post.State.choices)
    after = models.CharField(_("after"), max_length=10, choices=Post.State.choices)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.post_id}: {self.before} -> {self.after}"
