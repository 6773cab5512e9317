from django.contrib import admin

from labeling.calibration.models import Calibration, ClassSize

admin.site.register([Calibration, ClassSize])
