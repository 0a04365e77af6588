"""How forms are drawn: label, help beside the field, what is wrong at the field, and all of it once more at the top."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """``{{ form }}`` and ``{{ field.as_field_group }}`` of the workspace. Wagtail's pages draw their fields themselves."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
