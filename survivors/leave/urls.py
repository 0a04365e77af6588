"""One address: the best-effort clean-up after an exit. Its name says nothing."""

from django.urls import path

from survivors.leave.views import clean_up

urlpatterns = [path("c", clean_up, name="clean_up")]
