"""Kinds of service and where they are, as coarse as a place may be named. The public reads these words too, in every language."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Nation(models.TextChoices):
    """The four nations, each with law and support of its own."""

    ENGLAND = "england", _("England")
    WALES = "wales", _("Wales")
    SCOTLAND = "scotland", _("Scotland")
    NORTHERN_IRELAND = "northern_ireland", _("Northern Ireland")


class Region(models.TextChoices):
    """As coarse as a place may be named: regions of England, and whole nations."""

    NORTH_EAST = "north_east", _("North East")
    NORTH_WEST = "north_west", _("North West")
    YORKSHIRE = "yorkshire", _("Yorkshire and the Humber")
    EAST_MIDLANDS = "east_midlands", _("East Midlands")
    WEST_MIDLANDS = "west_midlands", _("West Midlands")
    EAST = "east", _("East of England")
    LONDON = "london", _("London")
    SOUTH_EAST = "south_east", _("South East")
    SOUTH_WEST = "south_west", _("South West")
    WALES = "wales", _("Wales")
    SCOTLAND = "scotland", _("Scotland")
    NORTHERN_IRELAND = "northern_ireland", _("Northern Ireland")


class Kind(models.TextChoices):
    """What a service does."""

    SAFEHOUSE = "safehouse", _("Safehouse")
    OUTREACH = "outreach", _("Outreach")
    ACCOMMODATION = "accommodation", _("Other accommodation")
    FIRST_RESPONSE = "first_response", _("First response")
