"""What belongs to no noun: health, about, and the page that is the frontend."""

import csv
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from labeling import health
from labeling.rest import problem_response
from labeling.views import APIView

CREDITS = Path(__file__).parent / "demo" / "photos" / "CREDITS.csv"


class CreditSerializer(serializers.Serializer[Any]):
    file = serializers.CharField()
    licence = serializers.CharField()
    author = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]


class AboutSerializer(serializers.Serializer[Any]):
    version = serializers.CharField()
    model = serializers.CharField()
    credits = CreditSerializer(many=True)


class HealthSerializer(serializers.Serializer[Any]):
    status = serializers.CharField()


class ReadySerializer(HealthSerializer):
    database = serializers.CharField()
    storage = serializers.CharField()
    broker = serializers.CharField()


class AboutView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(responses=AboutSerializer)
    def get(self, request: Request) -> Response:
        return Response({"version": version("maskwright"), "model": settings.MODEL, "credits": photo_credits()})


class LiveView(APIView):
    """The process answers."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(responses=HealthSerializer)
    def get(self, request: Request) -> Response:
        return Response({"status": "live"})


class ReadyView(APIView):
    """Whether the database, the storage and the broker answer. Otherwise 503 with `database_unavailable`,
    `storage_unavailable` or `broker_unavailable`. Without the storage or the broker, saving and lists still work."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(responses=ReadySerializer)
    def get(self, request: Request) -> HttpResponseBase:
        answers = health.parts()
        parts = {name: "ok" if answer else "unavailable" for name, answer in answers.items()}
        away = [name for name, answer in answers.items() if not answer]
        if away:
            sentence = f"The {' and the '.join(away)} {'does' if len(away) == 1 else 'do'} not answer."
            return problem_response(503, f"{away[0]}_unavailable", sentence, parts)
        return Response({"status": "ready", **parts})


class SchemaView(APIView, SpectacularAPIView):
    """The description of this API."""


def photo_credits() -> list[dict[str, str]]:
    """Who made the demo photographs, and under which licence."""
    with CREDITS.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def frontend(request: HttpRequest) -> HttpResponse:
    """The one page; its own router does the rest."""
    page = Path(settings.FRONTEND_DIR) / "index.html"
    if not page.is_file():
        return HttpResponse("The frontend is not built: run `make frontend`.", status=503, content_type="text/plain")
    return HttpResponse(page.read_bytes(), headers={"Cache-Control": "no-cache"})


@csrf_exempt
def missing(request: HttpRequest) -> JsonResponse:
    """An address of the API that there is not."""
    return problem_response(404, "not_found", "There is nothing at this address.")
