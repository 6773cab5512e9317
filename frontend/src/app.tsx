import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, type ReactElement } from "react";
import { createBrowserRouter, Outlet, type RouteObject, RouterProvider } from "react-router";
import { AboutPage } from "./pages/about/AboutPage";
import { AccountPage } from "./pages/account/AccountPage";
import { BrokenPage } from "./pages/errors/BrokenPage";
import { NotFoundPage } from "./pages/errors/NotFoundPage";
import { HomePage } from "./pages/home/HomePage";
import { InvitePage } from "./pages/login/InvitePage";
import { LoginPage } from "./pages/login/LoginPage";
import { ClassesTab } from "./pages/project/classes/ClassesTab";
import { ExportTab } from "./pages/project/export/ExportTab";
import { ImagesTab } from "./pages/project/images/ImagesTab";
import { Needs } from "./pages/project/Needs";
import { ProjectPage } from "./pages/project/ProjectPage";
import { PeopleTab } from "./pages/project/people/PeopleTab";
import { SettingsTab } from "./pages/project/settings/SettingsTab";
import { makeQueryClient } from "./server/query";
import type { Permission } from "./server/types";
import { ThemeProvider } from "./theme/provider";
import { Session } from "./ui/session/Session";
import { Shell } from "./ui/shell/Shell";

const EditorPage = lazy(() => import("./pages/editor/EditorPage"));
const QualityTab = lazy(() => import("./pages/project/quality/QualityTab"));
const ReviewPage = lazy(() => import("./pages/review/ReviewPage"));
const OnePage = lazy(() => import("./pages/review/one/OnePage"));
const SheetPage = lazy(() => import("./pages/review/sheet/SheetPage"));
const WholePage = lazy(() => import("./pages/review/whole/WholePage"));

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
    element: <Outlet />,
    errorElement: <BrokenPage />,
    children: [
      { path: "/login", element: <LoginPage /> },
      { path: "/invite/:key", element: <InvitePage /> },
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

const queryClient = makeQueryClient();
const router = createBrowserRouter(routes);

export function App() {
  return (
    <ThemeProvider>
      <QueryClientProvider client={queryClient}>
        <ModalsProvider>
          <Notifications position="bottom-left" limit={4} />
          <RouterProvider router={router} />
        </ModalsProvider>
      </QueryClientProvider>
    </ThemeProvider>
  );
}
