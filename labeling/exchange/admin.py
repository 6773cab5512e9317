from django.contrib import admin

from labeling.exchange.models import Export

admin.site.register(Export)
