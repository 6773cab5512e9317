"""Every address of the API, in one table. Whatever is not the API is the frontend's."""

from allauth.headless.account.views import LoginView, ResetPasswordView, SessionView
from allauth.headless.constants import Client
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from labeling import site
from labeling.accounts import api as accounts
from labeling.accounts.password_request import PasswordRequestView
from labeling.annotations import api as annotations
from labeling.assignments import api as assignments
from labeling.assignments import assign_api as assigning
from labeling.assignments import member_api as members
from labeling.calibration import api as calibration
from labeling.exchange import api as exchange
from labeling.images import api as images
from labeling.metrics import metrics
from labeling.projects import api as projects
from labeling.projects import invitation_api as invitations
from labeling.projects import member_api as project_members
from labeling.projects.stream import events
from labeling.review import api as review
from labeling.review import comment_api as comments
from labeling.review import edit_api as edits
from labeling.review import history_api as history
from labeling.review import progress_api as progress
from labeling.review import quality_api as quality
from labeling.review import submission_api as submissions
from labeling.review import verdict_api as verdicts

api: list[URLPattern | URLResolver] = [
    path("me", accounts.MeView.as_view()),
    path("me/password", accounts.PasswordView.as_view()),
    path("me/assignments", assignments.MyAssignmentsView.as_view()),
    path("me/comments", comments.MyCommentsView.as_view()),
    path("me/verification", invitations.VerificationView.as_view()),
    path("invitations/check", invitations.CheckView.as_view()),
    path("invitations/accept", invitations.AcceptView.as_view()),
    path("tokens", accounts.TokensView.as_view()),
    path("tokens/<uuid:token>", accounts.TokenView.as_view()),
    path("progress", progress.MyProgressView.as_view()),
    path("projects", projects.ProjectsView.as_view()),
    path("projects/<uuid:project>", images.ProjectView.as_view()),
    path("projects/<uuid:project>/classes", projects.ClassesView.as_view()),
    path("projects/<uuid:project>/members", project_members.MembersView.as_view()),
    path("projects/<uuid:project>/events", events),
    path("projects/<uuid:project>/progress", progress.ProgressView.as_view()),
    path("projects/<uuid:project>/images", assignments.ProjectImagesView.as_view()),
    path("projects/<uuid:project>/assignments", assigning.AssignmentsView.as_view()),
    path("projects/<uuid:project>/assignments/unassign", assigning.UnassignView.as_view()),
    path("projects/<uuid:project>/assignments/undo", assigning.UndoAssigningView.as_view()),
    path("projects/<uuid:project>/assignments/next", assignments.NextAssignmentView.as_view()),
    path("projects/<uuid:project>/review-queue", review.ReviewQueueView.as_view()),
    path("projects/<uuid:project>/review-queue/next", review.NextReviewView.as_view()),
    path("projects/<uuid:project>/review-queue/ahead", review.ImageAheadView.as_view()),
    path("projects/<uuid:project>/review-queue/release", review.ReleaseView.as_view()),
    path("projects/<uuid:project>/review-queue/images", submissions.ImageReviewsView.as_view()),
    path("projects/<uuid:project>/review-queue/heartbeat", review.HeartbeatView.as_view()),
    path("projects/<uuid:project>/verdicts", verdicts.SheetView.as_view()),
    path("projects/<uuid:project>/verdicts/undo", verdicts.UndoSheetView.as_view()),
    path("projects/<uuid:project>/quality", quality.QualityView.as_view()),
    path("projects/<uuid:project>/quality.csv", quality.QualityCsvView.as_view()),
    path("verdicts/<uuid:verdict>/undo", verdicts.UndoView.as_view()),
    path("projects/<uuid:project>/calibration", calibration.CalibrationView.as_view()),
    path("projects/<uuid:project>/exports", exchange.ExportsView.as_view()),
    path("classes/<uuid:label_class>", annotations.ClassView.as_view()),
    path("members/<uuid:member>", members.MemberView.as_view()),
    path("members/<uuid:member>/work", members.MemberWorkView.as_view()),
    path("members/<uuid:member>/invitation", project_members.InvitationView.as_view()),
    path("images/<uuid:image>", assignments.ImageView.as_view()),
    path("images/<uuid:image>/file", images.FileView.as_view()),
    path("images/<uuid:image>/original", images.OriginalView.as_view()),
    path("images/<uuid:image>/thumbnail", images.ThumbnailView.as_view()),
    path("images/<uuid:image>/crop", images.CropView.as_view()),
    path("images/<uuid:image>/tiles", images.TilesView.as_view()),
    path("images/<uuid:image>/tiles/<int:level>/<int:x>/<int:y>", images.TileView.as_view()),
    path("images/<uuid:image>/neighbours", assignments.NeighboursView.as_view()),
    path("images/<uuid:image>/prioritise", annotations.PrioritiseView.as_view()),
    path("images/<uuid:image>/retry", images.ImageRetryView.as_view()),
    path("images/<uuid:image>/predict", annotations.PredictView.as_view()),
    path("images/<uuid:image>/proposals", images.ProposalsView.as_view()),
    path("images/<uuid:image>/annotations", edits.ImageAnnotationsView.as_view()),
    path("images/<uuid:image>/deleted", annotations.DeletedView.as_view()),
    path("images/<uuid:image>/changes", edits.ChangesView.as_view()),
    path("images/<uuid:image>/comments", comments.ImageCommentsView.as_view()),
    path("comments/<uuid:comment>", comments.CommentView.as_view()),
    path("comments/<uuid:comment>/resolve", comments.ResolveView.as_view()),
    path("images/<uuid:image>/active-time", assignments.SpentView.as_view()),
    path("projects/<uuid:project>/active-times", assignments.ActiveTimesView.as_view()),
    path("annotations/<uuid:annotation>", edits.AnnotationView.as_view()),
    path("annotations/<uuid:annotation>/history", history.HistoryView.as_view()),
    path("annotations/<uuid:annotation>/sent-back", history.SentBackView.as_view()),
    path("annotations/<uuid:annotation>/restore", edits.RestoreView.as_view()),
    path("annotations/<uuid:annotation>/dispute", verdicts.DisputeView.as_view()),
    path("annotations/<uuid:annotation>/verdicts", verdicts.VerdictsView.as_view()),
    path("assignments/<uuid:assignment>", assignments.AssignmentView.as_view()),
    path("assignments/<uuid:assignment>/submit", submissions.SubmitView.as_view()),
    path("assignments/<uuid:assignment>/submit/undo", submissions.TakeBackView.as_view()),
    path("assignments/<uuid:assignment>/confirm", submissions.ConfirmView.as_view()),
    path("assignments/<uuid:assignment>/skip", assignments.SkipView.as_view()),
    path("exports/<uuid:export>", exchange.ExportView.as_view()),
    path("exports/<uuid:export>/file", exchange.ExportFileView.as_view()),
    path("models", images.ModelsView.as_view()),
    path("about", site.AboutView.as_view()),
    path("health/live", site.LiveView.as_view()),
    path("health/ready", site.ReadyView.as_view()),
    path("schema", site.SchemaView.as_view()),
]

# Only the parts of allauth's headless API that the pages use. tests/labeling/test_library_paths.py tries each.
BROWSER = {"client": Client.BROWSER}
auth: list[URLPattern | URLResolver] = [
    path("session", SessionView.as_api_view(**BROWSER)),
    path("login", LoginView.as_api_view(**BROWSER)),
    path("password/request", PasswordRequestView.as_api_view(**BROWSER)),
    path("password/reset", ResetPasswordView.as_api_view(**BROWSER)),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include(api)),
    path("_allauth/browser/v1/auth/", include(auth)),
    path("admin/", admin.site.urls),
    path("metrics", metrics),
    re_path(r"^(?:api|_allauth)/.*$", site.missing),
    re_path(r"^(?!admin/|static/|assets/).*$", site.frontend),
]
