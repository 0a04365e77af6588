"""The address of the directory."""

from django.urls import path

from survivors.directory import views

app_name = "directory"
urlpatterns = [path("find-support/", views.find_support, name="find_support")]
