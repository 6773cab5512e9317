from django.contrib import admin

from labeling.jobs.models import Job, Tally, Worker


@admin.register(Job)
class JobAdmin(admin.ModelAdmin[Job]):
    list_display = ("kind", "target", "state", "priority", "attempt", "failures", "worker", "created_at", "error")
    list_filter = ("kind", "state")


@admin.register(Worker)
class WorkerAdmin(admin.ModelAdmin[Worker]):
    list_display = ("name", "queue", "busy", "seen_at")


@admin.register(Tally)
class TallyAdmin(admin.ModelAdmin[Tally]):
    list_display = ("name", "kind", "detail", "count", "seconds")
