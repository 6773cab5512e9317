from django.contrib import admin

from labeling.calibration.models import Calibration

admin.site.register(Calibration)
