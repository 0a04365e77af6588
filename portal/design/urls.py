"""The gallery of components."""

from django.urls import path

from portal.design.views import gallery

app_name = "design"
urlpatterns = [path("", gallery, name="gallery")]
