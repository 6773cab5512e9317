import { Center, Stack, Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { IconPhotoPlus } from "@tabler/icons-react";
import { MAIN_ID } from "../shell/Shell";

/** Files and folders may be dropped anywhere on the page; the server says of each what it makes of it. */
export const DropAnywhere = ({ onFiles }: { onFiles: (files: File[]) => void }) => (
  <Dropzone.FullScreen active portalProps={{ target: `#${MAIN_ID}` }} onDrop={onFiles}>
    <Center h="60vh" style={{ pointerEvents: "none" }}>
      <Stack align="center" gap="xs">
        <IconPhotoPlus size={40} stroke={1.5} />
        <Text fw={600}>Drop images or folders to add them to the project</Text>
        <Text size="sm" c="dimmed">
          Images that are here already are recognised and not stored twice.
        </Text>
      </Stack>
    </Center>
  </Dropzone.FullScreen>
);
