"""The addresses of the stage."""

from django.urls import path

from wall.views import stage, stage_deeds

routes = [
    path("<slug:slug>/stage/", stage.page, name="stage"),
    path("<slug:slug>/stage/cues", stage.cues, name="cues"),
    path("<slug:slug>/stage/notice", stage_deeds.notice, name="stage_notice"),
    path("<slug:slug>/stage/steps/<slug:what>", stage_deeds.step, name="stage_step"),
    path("<slug:slug>/stage/late", stage_deeds.late, name="stage_late"),
    path("<slug:slug>/stage/screens/<slug:verb>", stage_deeds.screen, name="stage_screen"),
    path("<slug:slug>/stage/posts/<slug:key>/spotlight", stage_deeds.spotlight, name="stage_spot"),
    path("<slug:slug>/stage/undo/<int:number>", stage_deeds.undo, name="stage_undo"),
]
