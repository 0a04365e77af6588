"""The exit's address in templates."""

from django import template

from survivors.leave.destinations import destination

register = template.Library()
register.simple_tag(destination, name="leave_to")
