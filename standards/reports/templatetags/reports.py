"""What the pages of reports say in words of their own."""

from django import template

from standards.reports.reading import month

register = template.Library()
register.filter("month", month)
