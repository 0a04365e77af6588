"""Addresses of the guide beside its pages: A to Z, and the index that search loads on demand."""

from django.urls import path

from survivors.guide import views

app_name = "guide"
urlpatterns = [
    path("a-z/", views.a_z, name="a_z"),
    path("a-z/words.json", views.words, name="words"),
]
