import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { createBrowserRouter, Outlet, type RouteObject, RouterProvider } from "react-router";
import { BrokenPage } from "./pages/errors/BrokenPage";
import { NotFoundPage } from "./pages/errors/NotFoundPage";
import { ForgotPasswordPage } from "./pages/login/ForgotPasswordPage";
import { InvitePage } from "./pages/login/InvitePage";
import { LoginPage } from "./pages/login/LoginPage";
import { NewPasswordPage } from "./pages/login/NewPasswordPage";
import { Needs } from "./pages/project/Needs";
import { makeQueryClient } from "./server/query";
import type { Permission } from "./server/types";
import { ThemeProvider } from "./theme/provider";
import { Tips } from "./ui/bits/Tips";
import { LoadTrouble } from "./ui/parts/LoadTrouble";
import { lazyPart } from "./ui/parts/persistent";
import { Session } from "./ui/session/Session";
import { Shell } from "./ui/shell/Shell";

// Whoever opens an image waits for nothing but the editor: each page is loaded when it is gone to.
const AboutPage = lazyPart(async () => ({ default: (await import("./pages/about/AboutPage")).AboutPage }));
const AccountPage = lazyPart(async () => ({
  default: (await import("./pages/account/AccountPage")).AccountPage,
}));
const ClassesTab = lazyPart(async () => ({
  default: (await import("./pages/project/classes/ClassesTab")).ClassesTab,
}));
const ExportTab = lazyPart(async () => ({
  default: (await import("./pages/project/export/ExportTab")).ExportTab,
}));
const HomePage = lazyPart(async () => ({ default: (await import("./pages/home/HomePage")).HomePage }));
const ImagesTab = lazyPart(async () => ({
  default: (await import("./pages/project/images/ImagesTab")).ImagesTab,
}));
const PeopleTab = lazyPart(async () => ({
  default: (await import("./pages/project/people/PeopleTab")).PeopleTab,
}));
const ProjectPage = lazyPart(async () => ({
  default: (await import("./pages/project/ProjectPage")).ProjectPage,
}));
const SettingsTab = lazyPart(async () => ({
  default: (await import("./pages/project/settings/SettingsTab")).SettingsTab,
}));
const editorPage = () => import("./pages/editor/EditorPage");
const EditorPage = lazyPart(editorPage);
const QualityTab = lazyPart(() => import("./pages/project/quality/QualityTab"));
const ReviewPage = lazyPart(() => import("./pages/review/ReviewPage"));
const OnePage = lazyPart(() => import("./pages/review/one/OnePage"));
const SheetPage = lazyPart(() => import("./pages/review/sheet/SheetPage"));
const WholePage = lazyPart(() => import("./pages/review/whole/WholePage"));

const needing = (permission: Permission, tab: ReactElement) => <Needs permission={permission}>{tab}</Needs>;

const project: RouteObject = {
  path: "/projects/:id",
  element: <ProjectPage />,
  children: [
    { index: true, element: <ImagesTab /> },
    { path: "classes", element: <ClassesTab /> },
    { path: "people", element: needing("members.view", <PeopleTab />) },
    { path: "quality", element: needing("review", <QualityTab />) },
    { path: "export", element: needing("export", <ExportTab />) },
    { path: "settings", element: needing("project.edit", <SettingsTab />) },
  ],
};

const review: RouteObject = {
  path: "/projects/:id/review",
  element: <ReviewPage />,
  children: [
    { index: true, element: <OnePage /> },
    { path: "sheet", element: <SheetPage /> },
    { path: "images/:image?", element: <WholePage /> },
  ],
};

/** The editor and the review page bring their own top bar: every pixel of height is the photograph's. */
export const routes: RouteObject[] = [
  {
    element: (
      <>
        <Outlet />
        <LoadTrouble />
      </>
    ),
    errorElement: <BrokenPage />,
    children: [
      { path: "/login", element: <LoginPage /> },
      { path: "/forgot-password", element: <ForgotPasswordPage /> },
      { path: "/new-password", element: <NewPasswordPage /> },
      { path: "/invite/:key?", element: <InvitePage /> },
      {
        element: <Session />,
        children: [
          { path: "/images/:id", element: <EditorPage /> },
          review,
          {
            element: <Shell />,
            children: [
              { path: "/", element: <HomePage /> },
              project,
              { path: "/about", element: <AboutPage /> },
              { path: "/account", element: <AccountPage /> },
              { path: "*", element: <NotFoundPage /> },
            ],
          },
        ],
      },
    ],
  },
];

// On its way before anything is rendered that would ask for it; a failure is told there.
if (location.pathname.startsWith("/images/")) editorPage().catch(() => undefined);

const queryClient = makeQueryClient();
const router = createBrowserRouter(routes);

export function App() {
  return (
    <ThemeProvider>
      <QueryClientProvider client={queryClient}>
        <ModalsProvider>
          <Tips />
          <Notifications position="bottom-left" limit={4} />
          <RouterProvider router={router} />
        </ModalsProvider>
      </QueryClientProvider>
    </ThemeProvider>
  );
}
