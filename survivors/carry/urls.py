"""Addresses of what a reader takes along."""

from django.urls import path

from survivors.carry import views

app_name = "carry"
urlpatterns = [
    path("card/", views.card, name="card"),
    path("both/<path:path>/", views.both, name="both"),
    path("paper/", views.paper, name="paper"),
    path("paper/guide.pdf", views.download, {"kind": "pdf"}, name="pdf"),
    path("paper/guide.html", views.download, {"kind": "html"}, name="html"),
]
