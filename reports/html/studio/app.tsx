import { useEffect } from 'preact/hooks';
import { ThemeToggle } from '../page/theme-toggle.tsx';
import type { Api } from './api.ts';
import { Choose } from './choose/choose.tsx';
import { Editor } from './choose/editor.tsx';
import { SideBySide } from './choose/side-by-side.tsx';
import { Handout } from './lessons/handout.tsx';
import { LessonBar } from './lessons/lesson-bar.tsx';
import { LessonPage } from './lessons/lesson-page.tsx';
import { type OpenLesson, useLesson } from './lessons/use-lesson.ts';
import { Stage } from './stage/stage.tsx';
import { type OpenStudio, useStudio } from './use-studio.ts';
import { type View, useView } from './use-view.ts';

/** The presenter's page: choose a scenario, play it, change it, play it again, and compare the plays. */
export function App({ api, nonce }: { readonly api: Api; readonly nonce: string }) {
  const [view, go] = useView();
  const studio = useStudio(api);
  const running = useLesson(studio, go);
  const { draft, plays } = studio;
  // The message about a problem disappears when the user goes to another page.
  useEffect(() => studio.clearTrouble(), [view.page]);
  const troubles = [studio.trouble, draft.trouble].filter((one) => one !== undefined);
  return (
    <>
      <StudioHeader
        view={view}
        isOpen={draft.file !== ''}
        hasTwo={plays.length > 1}
        isChanged={draft.isChanged}
        audience={studio.files?.audience}
      />
      <main id="main" tabIndex={-1}>
        {troubles.map((trouble) => (
          <p key={trouble} class="trouble" role="alert">
            {trouble}
          </p>
        ))}
        {view.page !== 'handout' && <LessonBar api={api} running={running} />}
        <Page api={api} nonce={nonce} view={view} go={go} studio={studio} running={running} />
      </main>
    </>
  );
}

interface PageSettings {
  readonly api: Api;
  readonly nonce: string;
  readonly view: View;
  readonly go: (view: View) => void;
  readonly studio: OpenStudio;
  readonly running: OpenLesson;
}

function Page({ api, nonce, view, go, studio, running }: PageSettings) {
  const { files, draft, plays, play } = studio;
  if (view.page === 'compare') return <SideBySide api={api} plays={plays} view={view} onView={go} />;
  if (view.page === 'lesson') return <LessonPage number={view.number} running={running} />;
  if (view.page === 'handout') return <Handout number={view.number} />;
  if (view.page === 'choose') {
    const choose = (file: string): void => {
      studio.open(file);
      go({ page: 'stage' });
    };
    return <Choose files={files} onChoose={choose} />;
  }
  if (draft.file === '') {
    return (
      <p class="empty">
        No scenario is open. <a href="#choose">Choose one.</a>
      </p>
    );
  }
  if (view.page === 'text') return <Editor api={api} draft={draft} nonce={nonce} />;
  return (
    <Stage
      {...{ api, files, draft, play, plays }}
      preset={running.breakpoints}
      goal={running.lesson === undefined ? '' : `${running.lesson.title}. ${running.lesson.goal}`}
      onPlay={(begun) => studio.began(begun)}
      onShow={(earlier) => studio.show(earlier)}
      onOver={() => studio.readPlays()}
      onTrouble={(error) => studio.tell(error)}
    />
  );
}

interface HeaderSettings {
  readonly view: View;
  readonly isOpen: boolean;
  readonly hasTwo: boolean;
  readonly isChanged: boolean;
  /** Address of the audience's window, once it is known. */
  readonly audience: string | undefined;
}

function StudioHeader({ view, isOpen, hasTwo, isChanged, audience }: HeaderSettings) {
  const current = (page: View['page']): 'page' | undefined => (view.page === page ? 'page' : undefined);
  return (
    <header class="top">
      <a class="brand" href="#choose">
        Rehearsal studio
      </a>
      <nav aria-label="Pages">
        <a href="#choose" aria-current={current('choose')}>
          Scenarios
        </a>
        {isOpen && (
          <>
            <a href="#stage" aria-current={current('stage')}>
              Stage
            </a>
            <a href="#text" aria-current={current('text')}>
              Text{isChanged && <span title="The text differs from the file"> •</span>}
            </a>
          </>
        )}
        {hasTwo && (
          <a href="#compare" aria-current={current('compare')}>
            Side by side
          </a>
        )}
      </nav>
      {audience !== undefined && (
        <a class="audience-link" href={audience} target="_blank" rel="noreferrer">
          Audience<span>’s window</span>
        </a>
      )}
      <ThemeToggle />
    </header>
  );
}
