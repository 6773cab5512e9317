import { Menu, useMantineColorScheme } from "@mantine/core";
import {
  IconCheck,
  IconChevronDown,
  IconDeviceDesktop,
  IconInfoCircle,
  IconLogout,
  IconMoon,
  IconSun,
  IconUser,
} from "@tabler/icons-react";
import { Link } from "react-router";
import { logOut } from "../../server/login";
import { useMe } from "../../server/me";
import { toastProblem } from "../bits/toast";
import classes from "./shell.module.css";

const SCHEMES = [
  { scheme: "dark", word: "Dark", Icon: IconMoon },
  { scheme: "light", word: "Light", Icon: IconSun },
  { scheme: "auto", word: "As the system", Icon: IconDeviceDesktop },
] as const;

/** Account, colour scheme, about, log out. */
export function UserMenu() {
  const { data: me } = useMe();
  return (
    <Menu position="bottom-end" width={208}>
      <Menu.Target>
        <button type="button" className={classes.user}>
          {me ? me.name || me.email : "Account"}
          <IconChevronDown size={14} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/account" leftSection={<IconUser size={16} />}>
          Account
        </Menu.Item>
        <Menu.Item component={Link} to="/about" leftSection={<IconInfoCircle size={16} />}>
          About Maskwright
        </Menu.Item>
        <Menu.Divider />
        <SchemeItems />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={leave}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function SchemeItems() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return SCHEMES.map(({ scheme, word, Icon }) => (
    <Menu.Item
      key={scheme}
      leftSection={<Icon size={16} />}
      rightSection={scheme === colorScheme && <IconCheck size={14} aria-label="chosen" />}
      onClick={() => setColorScheme(scheme)}
    >
      {word}
    </Menu.Item>
  ));
}

/** A full load of the login page, so that nothing of this person stays in memory. */
export async function leave() {
  try {
    await logOut();
    window.location.assign("/login");
  } catch (error) {
    toastProblem(error);
  }
}
